import { useCallback, useRef, useState } from 'react'
import './machines.css'
import { MachineRow } from './MachineRow.tsx'
import type { Ranked } from './rankMachines.ts'
import { useRowsInView } from './useRowsInView.ts'
import { WhyRank } from './WhyRank.tsx'

/** In the order of a row's cells. */
const headers = ['Machine', 'Hardware', 'Price', 'Score', 'Done', 'Uptime', 'Longest', 'Proof', 'Order']

/**
 * Machines, any number of them: only rows near the screen are drawn. All are of one height and stand where their number
 * says, so that one row more or less moves nothing else. The roles are written out because of `display`, which would take
 * them away.
 */
export const MachinesTable = ({ rows }: { rows: readonly Ranked[] }) => {
  const body = useRef<HTMLTableSectionElement>(null)
  const [asked, setAsked] = useState<Ranked>()
  const onWhy = useCallback((row: Ranked) => setAsked(row), [])
  const { first, end, rowPx, isFast } = useRowsInView(body, rows.length)
  return (
    <>
      {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
      <table role="table" aria-rowcount={rows.length + 1} className="machines block w-full text-left">
        <caption className="sr-only">Machines of the market with state, price and record</caption>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <thead role="rowgroup" className="block">
          {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
          <tr role="row">
            {headers.map((header) => (
              // biome-ignore lint/a11y/noRedundantRoles: see above
              <th key={header} role="columnheader" scope="col">
                {header}
              </th>
            ))}
          </tr>
        </thead>
        {/* biome-ignore lint/a11y/noRedundantRoles: see above */}
        <tbody ref={body} role="rowgroup" className="relative block" style={{ height: rows.length * rowPx }}>
          {rows.slice(first, end).map((row, index) => (
            <MachineRow
              key={row.machine.machineId}
              row={row}
              index={first + index}
              topPx={(first + index) * rowPx}
              isBrief={isFast}
              onWhy={onWhy}
            />
          ))}
        </tbody>
      </table>
      {asked && <WhyRank row={asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}
