import { makeWorld } from '../probe/clouds/aws/configuration/moto-world.ts'

/** Makes the link of the lab in moto, through AWS's own API, and closes the group of the endpoint if it is told to. Prints the target. */
const { target, revokeAll, endpointGroup } = await makeWorld()
if (process.argv.includes('closed')) await revokeAll(endpointGroup, false)
console.log(JSON.stringify(target))
