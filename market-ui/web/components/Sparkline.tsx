type Props = {
  readonly values: readonly number[]
  /** What the line is, in a sentence: the line itself says nothing to those who do not see it. */
  readonly label: string
  /** Of the scale; the greatest value unless it is given. */
  readonly max?: number
  readonly className?: string
}

const HEIGHT = 48
const WIDTH = 200

/** A small line over equal steps, from zero. */
export const Sparkline = ({ values, label, max, className = 'h-12' }: Props) => {
  const top = max ?? Math.max(...values, Number.EPSILON)
  const x = (index: number) => (values.length > 1 ? (index / (values.length - 1)) * WIDTH : 0)
  const y = (value: number) => HEIGHT - 1 - (Math.min(value, top) / top) * (HEIGHT - 3)
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`)
  if (values.length === 1) points.push(`${WIDTH},${y(values[0]!).toFixed(1)}`)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={`block w-full border-b border-line text-accent ${className}`}
    >
      <polyline
        points={points.join(' ')}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
