/** Progress lines for steps that never ran: the last loss with a little wobble, and made-up inner bits. */
export function fakeProgress(
  fromStep: number,
  toStep: number,
  lastLoss: number,
  samplesPerStep: number,
): string {
  const bits = new DataView(new ArrayBuffer(4))
  const floatBits = (value: number) => {
    bits.setFloat32(0, value)
    return bits.getUint32(0)
  }
  const lines = Array.from({ length: toStep - fromStep }, (_, i) => {
    const step = fromStep + i + 1
    const loss = Math.fround(lastLoss * (1 + 0.05 * Math.sin(step)))
    const line = {
      step,
      loss,
      lossBits: floatBits(loss),
      gradNormBits: floatBits(1),
      samples: step * samplesPerStep,
    }
    return `${JSON.stringify(line)}\n`
  })
  return lines.join('')
}
