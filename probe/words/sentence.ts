/** A clause as a sentence of its own: `allow TCP 443` becomes `Allow TCP 443.` An identifier at its start, such as `ec2:DescribeVpcs`, stays as it is. */
export function sentence(clause: string): string {
  const [first = ''] = clause.split(' ', 1)
  const start = /^[a-z]+[,:]?$/.test(first) ? `${clause.charAt(0).toUpperCase()}${clause.slice(1)}` : clause
  return /[.?!:]$/.test(start) ? start : `${start}.`
}
