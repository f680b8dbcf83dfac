/** One sentence on why the engine did not answer, and what to do about it. */
export function describeEngineFailure(
  error: unknown,
  timeoutMs: number,
): { reason: string; suggestion: string } {
  const { code, name, message } = error as { code?: string; name?: string; message?: string }
  if (code === 'ENOENT') {
    return {
      reason: 'no Docker daemon: its socket does not exist',
      suggestion: 'Install Docker and start it.',
    }
  }
  if (code === 'ECONNREFUSED') {
    return {
      reason: 'the Docker socket is there but nothing listens on it (a stopped daemon left it behind)',
      suggestion: 'Start the Docker daemon.',
    }
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return {
      reason: 'this user may not use the Docker socket',
      suggestion: 'Add the user to the group docker and log in again.',
    }
  }
  if (name === 'TimeoutError' || name === 'AbortError' || message === 'socket hang up') {
    return {
      reason: `the Docker daemon did not answer within ${timeoutMs} ms`,
      suggestion: 'Look at the Docker daemon; restart it if it hangs.',
    }
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return {
      reason: 'the Docker daemon broke the connection off',
      suggestion: 'It may be restarting; try again.',
    }
  }
  return { reason: message ?? String(error), suggestion: 'Check DOCKER_HOST and the Docker daemon.' }
}
