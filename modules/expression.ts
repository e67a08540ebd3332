import {
  Fn,
  type IResolvable,
  type IResolveContext,
  ref,
  type TerraformDataSource,
  TerraformResource,
  TerraformStack,
  Token,
  Tokenization
} from 'cdktf'
import type { Construct } from 'constructs'

/**
 * The Terraform address of a resource or data source as plain text, `zillizcloud_private_endpoint.search_endpoint_1A2B3C4D`:
 * for expressions that cdktf has no functions for.
 */
export function address(element: TerraformResource | TerraformDataSource): string {
  const kind = element instanceof TerraformResource ? '' : 'data.'
  return `${kind}${element.terraformResourceType}.${element.friendlyUniqueId}`
}

/** A Terraform expression of a string, written without `${}`. */
export function stringOf(expression: string): string {
  return Token.asString(ref(expression))
}

/** A Terraform expression of a list of strings, written without `${}`. */
export function listOf(expression: string): string[] {
  return Token.asList(ref(expression))
}

/** What can be put into an expression: a literal, or what cdktf knows only as a token. */
type Operand = string | number | readonly Operand[] | Raw | { readonly [key: string]: Operand }

/** A piece of an expression, written without `${}`. */
class Raw {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Puts text into an expression as it is, in place of a quoted literal. */
export function raw(text: string): Raw {
  return new Raw(text)
}

class Template implements IResolvable {
  readonly creationStack = []
  private readonly texts: readonly string[]
  private readonly operands: readonly Operand[]

  constructor(texts: readonly string[], operands: readonly Operand[]) {
    this.texts = texts
    this.operands = operands
  }

  resolve(context: IResolveContext): string {
    const isInside = context.suppressBraces === true
    context.suppressBraces = true
    const written = this.texts.map((text, index) => {
      const operand = this.operands[index]
      return operand === undefined ? text : `${text}${write(operand, context)}`
    })
    context.suppressBraces = isInside
    return isInside ? written.join('') : `\${${written.join('')}}`
  }

  toString(): string {
    return Token.asString(this)
  }

  toJSON(): string {
    return '<expression>'
  }
}

function write(operand: Operand, context: IResolveContext): string {
  if (operand instanceof Raw) return operand.text
  if (Token.isUnresolved(operand)) {
    const isMixed = typeof operand === 'string' && Tokenization.reverseString(operand).length > 1
    return String(context.resolve(isMixed ? Fn.join('', [operand]) : operand))
  }
  if (Array.isArray(operand)) return `[${operand.map(each => write(each, context)).join(', ')}]`
  if (typeof operand !== 'object') return JSON.stringify(operand).replaceAll('${', '$${').replaceAll('%{', '%%{')
  const entries = Object.entries(operand).map(([key, value]) => `${write(key, context)} = ${write(value, context)}`)
  return `{ ${entries.join(', ')} }`
}

/**
 * A Terraform expression with values in it: a literal is quoted, and a token is the reference that it stands for, so that none
 * becomes part of a quoted string.
 */
export function expression(texts: TemplateStringsArray, ...operands: readonly Operand[]): string {
  return Token.asString(new Template(texts, operands))
}

/**
 * Adds a Terraform `check`: an assertion about the world that is judged at every plan and apply, and only warns.
 *
 * @param name unique in the stack
 * @param condition a Terraform expression, written without `${}`
 * @param message what is wrong and what to do; may hold `${…}`
 */
export function addCheck(scope: Construct, name: string, condition: string, message: string): void {
  // cdktf has no construct for it: https://developer.hashicorp.com/terraform/language/block/check
  TerraformStack.of(scope).addOverride(`check.${name}`, {
    assert: [{ condition: `\${${condition}}`, error_message: message }]
  })
}
