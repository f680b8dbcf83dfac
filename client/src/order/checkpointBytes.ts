/** Bytes that one checkpoint of a model takes on disk, headers aside: float32 weights and momenta. */
export function checkpointBytes(layers: readonly number[]): number {
  let values = 0
  for (let i = 1; i < layers.length; i++) values += layers[i]! * (layers[i - 1]! + 1)
  return values * 4 * 2
}
