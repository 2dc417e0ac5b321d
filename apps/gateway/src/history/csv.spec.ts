import { describe, expect, it } from '@jest/globals';
import { csvLine } from './csv.js';

describe(csvLine, () => {
  it('quotes what needs quotes', () => {
    expect(csvLine(['a', 'b,c', 'say "hi"', 'two\nlines', null, -1])).toBe('a,"b,c","say ""hi""","two\nlines",,-1\r\n');
  });
  it.each(['=cmd()', '+1', '-1+2', '@SUM(A1)', '\t=1', '＝1+1', '＠SUM(A1)'])(
    'makes %j harmless in a spreadsheet',
    (text) => {
      expect(csvLine([text])).toBe(`'${text}\r\n`);
    },
  );
});
