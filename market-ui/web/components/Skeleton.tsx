/** Bars where rows will be, so that nothing jumps when they come. */
export const SkeletonRows = ({ rows, what }: { rows: number; what: string }) => (
  <div className="grid gap-3 px-4 py-5 sm:px-6">
    <span role="status" className="sr-only">
      Loading {what}
    </span>
    {Array.from({ length: rows }, (_, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike
      <span key={index} className="skeleton h-6" aria-hidden="true" />
    ))}
  </div>
)
