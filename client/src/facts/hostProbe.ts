// Runs systeminformation in a process of its own, which readMachineFacts.ts can end with all its children.
import { cpu, fsSize, mem, networkInterfaces, osInfo } from 'systeminformation'

const [processor, memory, disks, links, system] = await Promise.all([
  cpu(),
  mem(),
  fsSize(),
  networkInterfaces(),
  osInfo(),
])
process.stdout.write(JSON.stringify({ processor, memory, disks, links, system }), () => process.exit(0))
