import type { SandboxTools } from './sandboxTools.ts'

/** What the process driver does not keep a job from on this machine, in sentences for doctor and the log. */
export function describeIsolation(tools: SandboxTools): string[] {
  const left = [
    'CPU time and the number of processes are not limited (the job runs at lower priority and may start no process)',
    'memory is limited by the size of the heap and by watching, not by the kernel',
    'no system call filter and no root file system of its own: only Node keeps the job in its folders',
  ]
  if (!tools.root)
    return [
      'the network is open to the job (only root can close it)',
      ...left,
      "the job has this user's rights",
    ]
  if (!tools.unshare) left.unshift('the network is open to the job (unshare is not installed)')
  if (!tools.setpriv) left.unshift('the job runs as root (setpriv is not installed)')
  return left
}
