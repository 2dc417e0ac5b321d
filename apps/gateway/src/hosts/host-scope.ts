/** Host ids of a `hosts=a,b` parameter; undefined means all hosts. */
export function hostScope(hosts: string | undefined): string[] | undefined {
  return hosts === undefined ? undefined : [...new Set(hosts.split(','))];
}
