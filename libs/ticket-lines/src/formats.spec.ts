import { describe, expect, it } from '@jest/globals';
import { readFixtures } from '../test/read-fixtures.spec.js';
import { TICKET_LINE_FORMATS } from './ticket-facts.js';
import { understandLine } from './understand-ticket.js';

const fixtures = readFixtures();

describe('formats', () => {
  it.each(fixtures)('$at', ({ line, jail, facts }) => {
    expect(line).not.toBe('');
    expect(understandLine(line, jail)).toEqual(facts);
  });

  it('has samples of each', () => {
    expect(new Set(fixtures.map(({ facts }) => facts['format']))).toEqual(new Set([undefined, ...TICKET_LINE_FORMATS]));
  });
});
