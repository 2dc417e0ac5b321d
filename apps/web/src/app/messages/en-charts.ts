/** Texts of every chart. */
export const charts = {
  asTable: (chart: string) => `${chart}: view as table`,
  asChart: (chart: string) => `${chart}: view as chart`,
  table: 'View as table',
  chart: 'View as chart',
  save: (chart: string) => `${chart}: save as picture`,
  savePicture: 'Save as picture',
  failed: 'The chart could not be loaded. Its table is here all the same.',
  keys: 'Use the arrow keys to go through the values, Enter to filter by one.',
  keysOnly: 'Use the arrow keys to go through the values.',
  value: (name: string, values: string) => `${name}: ${values}`,
  sortBy: (column: string) => `Sort by ${column}`,
};
