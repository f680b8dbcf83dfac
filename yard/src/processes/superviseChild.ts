import { type Child, type ChildCommand, startChild } from './startChild.ts'

const RESTARTS = 3

/**
 * Keeps a child running: restarts it after an unexpected end, three times at most, then reports it dead.
 * @param onEvent told about each restart, in words
 * @param onDead called once when it is given up
 */
export async function superviseChild(
  command: ChildCommand,
  onEvent: (text: string) => void,
  onDead: (reason: Error) => void,
): Promise<Pick<Child, 'name' | 'ready' | 'stop'> & { pid: () => number }> {
  let current = await startChild(command)
  let stopping = false
  const watch = async (restartsLeft: number): Promise<void> => {
    const code = await current.exited
    if (stopping) return
    if (restartsLeft === 0)
      return onDead(new Error(`${command.name} ended ${RESTARTS + 1} times, last with ${code}`))
    try {
      current = await startChild(command)
      onEvent(`${command.name} ended (exit code ${code}) and was started again`)
    } catch (cause) {
      return onDead(cause instanceof Error ? cause : new Error(String(cause)))
    }
    return stopping ? current.stop() : watch(restartsLeft - 1)
  }
  void watch(RESTARTS)
  return {
    name: command.name,
    ready: current.ready,
    pid: () => current.pid,
    stop: async () => {
      stopping = true
      await current.stop()
    },
  }
}
