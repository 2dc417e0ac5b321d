const DNS_OR_IP = /^(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;

/**
 * The one command to run on a host. It is pasted into a root shell, so an address of the gateway that holds anything but
 * a host and port (it comes from a request header) is replaced by a placeholder.
 */
export function enrolmentCommand(protocol: string, host: string | undefined): string {
  const isPlain = host !== undefined && DNS_OR_IP.test(host) && (protocol === 'http' || protocol === 'https');
  return `sudo bailiff-agent enrol ${isPlain ? `${protocol}://${host}` : 'https://<address of this console>'}`;
}
