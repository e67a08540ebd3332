import { registerHooks } from 'node:module'

// TypeDoc needs the API of the compiler, which TypeScript 7 does not have: it gets a TypeScript that has.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === 'typescript' ? 'typescript-for-typedoc' : specifier, context)
})
