declare module 'postject' {
  /** Writes a resource into an executable (postject 1.0.0-alpha.6, which has no types). */
  export function inject(
    executable: string,
    resource: string,
    data: Buffer,
    options: { readonly sentinelFuse: string; readonly machoSegmentName?: string }
  ): Promise<void>
}
