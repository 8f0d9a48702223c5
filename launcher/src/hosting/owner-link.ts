import { readSettings } from '@beseda/protocol/settings'
import { firstOwnerLink } from '../admin/first-owner.ts'
import { reachable } from '../launch-env.ts'

/**
 * `node launcher/src/hosting/owner-link.ts`: print the link that makes its opener the owner
 * of the server on this machine; nothing when somebody owns it already.
 */
const { HOST, PORT, DATA_DIR } = readSettings(['HOST', 'PORT', 'DATA_DIR'], process.env)
const link = await firstOwnerLink({ url: `http://${reachable(HOST)}:${PORT}`, dataDir: DATA_DIR })
if (link) console.log(link)
