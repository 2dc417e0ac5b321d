/** A choice that narrows a list, shown as a chip once set. */
export interface TableFilter {
  /** Name in the address and in the API. */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** Words for a value that is not among the options (a shared link may hold any). */
  readonly describe?: (value: string) => string;
}

/** What stands on the chip of a filter. */
export function chipText(filter: TableFilter, value: string): string {
  const option = filter.options.find((each) => each.value === value);
  return `${filter.label}: ${option?.label ?? filter.describe?.(value) ?? value}`;
}
