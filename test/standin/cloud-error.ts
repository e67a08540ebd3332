/** What a cloud refuses, in the words that its Terraform provider shows for it. */
export class CloudError extends Error {
  readonly detail: string

  constructor(summary: string, detail = '') {
    super(summary)
    this.name = 'CloudError'
    this.detail = detail
  }
}
