import { describe, expect, it } from '@jest/globals';
import { reachOf } from './network-reach.js';

const NFT = '<nftables> add set <table_family> <table> <addr_set> \\{ type <addr_type>\\;<addr_options> \\}';
const NFT_BAN = '<nftables> add element <table_family> <table> <addr_set> \\{ <ip> \\}';

describe(reachOf, () => {
  it.each([
    ['iptables', '<iptables> -N f2b-<name>', '<iptables> -I f2b-<name> 1 -s <ip> -j <blocktype>', 'yes', 'yes'],
    ['route', '', 'ip route add <blocktype> <ip>', 'yes', 'yes'],
    ['ufw', '', 'ufw <add> <blocktype> from <ip> to <destination>', 'yes', 'yes'],
    ['firewallcmd-multiport', '', 'firewall-cmd --direct --add-rule <family> filter x 0 -s <ip>', 'yes', 'yes'],
    ['nftables of 1.0.2', NFT, NFT_BAN, 'no', 'no'],
    ['nftables of 1.1.1', `${NFT}\n flags interval\\;`, NFT_BAN, 'yes', 'yes'],
    [
      'iptables-ipset',
      'ipset -exist create <ipmset> hash:ip timeout 0 <familyopt>',
      'ipset -exist add <ipmset> <ip> timeout <ipsettime>',
      'yes',
      'no',
    ],
    ['an ipset of networks', 'ipset create x hash:net', 'ipset add x <ip>', 'yes', 'yes'],
    ['one of somebody’s own', '', '/usr/local/bin/ban <ip>', 'unknown', 'unknown'],
    ['one that only writes mails', 'printf mail', '', 'unknown', 'unknown'],
  ])('knows %s', (_name, start, ban, ipv4, ipv6) => {
    expect(reachOf(start, ban)).toMatchObject({ ipv4, ipv6 });
  });

  it('knows that an interval set of nftables refuses what overlaps', () => {
    expect(reachOf(`${NFT} flags interval`, NFT_BAN).isDisjoint).toBe(true);
    expect(reachOf(`${NFT} flags interval; auto-merge`, NFT_BAN).isDisjoint).toBe(false);
    expect(reachOf('', '<iptables> -I x 1 -s <ip> -j DROP').isDisjoint).toBe(false);
  });
});
