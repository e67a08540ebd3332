/** The families in which an endpoint has addresses. */
export type IpAddressType = 'ipv4' | 'dualstack'
