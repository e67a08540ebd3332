/** Something that has one owner in the world. */
export interface Claim {
  /** What it is, told exactly enough to tell it from all others: `the private zone x.example on vpc-1`. */
  readonly what: string
  /** Who shares it, when several may: the links of an environment share a parent zone. */
  readonly sharedBy?: string
  /** How the two owners can part. */
  readonly wayOut: string
}
