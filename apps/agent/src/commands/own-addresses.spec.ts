import { describe, expect, it, jest } from '@jest/globals';
import { parseAddress, type IpAddress } from '@bailiff/ip';
import { OwnAddresses } from './own-addresses.js';

describe(OwnAddresses.name, () => {
  const CONSOLE = parseAddress('203.0.113.7');

  it('knows the addresses of the host and of the console', async () => {
    const own = await new OwnAddresses(['203.0.113.7', '[2001:db8::7]']).list();
    expect(own).toEqual(expect.arrayContaining(['127.0.0.1', '203.0.113.7', '2001:db8::7']));
  });

  it('makes everybody wait for the first answer', async () => {
    const answer = Promise.withResolvers<IpAddress[]>();
    const addresses = new OwnAddresses(['console.example'], () => answer.promise);
    const both = Promise.all([addresses.list(), addresses.list()]);
    answer.resolve([CONSOLE]);
    for (const own of await both) expect(own).toContain(CONSOLE);
  });

  it('remembers what a name meant while no name server answers', async () => {
    const found: IpAddress[][] = [[CONSOLE], []];
    const resolve = jest.fn(() => Promise.resolve(found.shift() ?? []));
    const addresses = new OwnAddresses(['console.example'], resolve);
    await addresses.list();
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 120_000);
    expect(await addresses.list()).toContain(CONSOLE);
    expect(resolve).toHaveBeenCalledTimes(2);
    jest.restoreAllMocks();
  });
});
