import { Fn, ref, TerraformIterator, Token } from 'cdktf'
import type { HostPort } from './host-ports.ts'

/** A rule of a port for each of these, and none where another port's rules are for the same port. */
export function ruleForEach(each: readonly string[], { hasRule }: Pick<HostPort, 'hasRule'>): TerraformIterator {
  const all = [...each]
  if (hasRule === undefined) return TerraformIterator.fromList(all)
  return TerraformIterator.fromList(Token.asList(Fn.conditional(ref(hasRule), Fn.tolist([]), Fn.tolist(all))))
}
