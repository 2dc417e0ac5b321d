/** A public page about an address. */
export interface OutsideLink {
  readonly name: string;
  readonly href: string;
}

/** Where else one can read about an address; for a network, those that know networks. */
export function elsewhere(address: string, asn: number | null): readonly OutsideLink[] {
  const encoded = encodeURIComponent(address);
  const ofSystem = asn === null ? [] : [{ name: `AS${asn} · bgp.tools`, href: `https://bgp.tools/as/${asn}` }];
  if (address.includes('/')) {
    return [
      { name: 'AbuseIPDB', href: `https://www.abuseipdb.com/check-block/${address}` },
      { name: 'bgp.tools', href: `https://bgp.tools/prefix/${address}` },
      ...ofSystem,
    ];
  }
  return [
    { name: 'AbuseIPDB', href: `https://www.abuseipdb.com/check/${encoded}` },
    { name: 'AlienVault OTX', href: `https://otx.alienvault.com/indicator/ip/${encoded}` },
    { name: 'GreyNoise', href: `https://viz.greynoise.io/ip/${encoded}` },
    { name: 'Shodan', href: `https://www.shodan.io/host/${encoded}` },
    { name: 'VirusTotal', href: `https://www.virustotal.com/gui/ip-address/${encoded}` },
    ...ofSystem,
  ];
}
