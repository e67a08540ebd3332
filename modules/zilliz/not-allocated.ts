/** The beginning of what a deploy reports while Zilliz Cloud has not allocated the private link of a cluster; `--wait` goes on after it. */
export function notAllocatedYet(cluster: string): string {
  return `Zilliz Cloud has not allocated the private link of ${cluster} yet`
}
