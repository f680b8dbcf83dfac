import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { Field } from '../components/Field.tsx'
import { formatCount, formatPercent } from '../format/formatNumber.ts'
import { contentApi } from '../url.ts'
import { FailureBox } from '../wallet/FailureBox.tsx'
import type { AddedFile } from './addFile.ts'

type Props = {
  readonly label: string
  readonly cid: string
  readonly onCid: (cid: string) => void
  readonly problem: string | undefined
}

/** A data file: uploaded here, or named by its CID. Says whether the store has it. */
export const DataField = ({ label, cid, onCid, problem }: Props) => {
  const id = useId()
  const [share, setShare] = useState<number | undefined>()
  const [added, setAdded] = useState<AddedFile | undefined>()
  const [error, setError] = useState<unknown>()
  const upload = async (file: File | undefined) => {
    if (file === undefined) return
    setError(undefined)
    setShare(0)
    try {
      const result = await (await import('./addFile.ts')).addFile(file, setShare)
      setAdded(result)
      onCid(result.cid)
    } catch (thrown) {
      setError(thrown)
    }
    setShare(undefined)
  }
  return (
    <fieldset className="min-w-0 rounded-lg border border-line p-4">
      <legend className="px-1 font-medium">{label}</legend>
      <label htmlFor={id} className="block text-sm">
        Upload a safetensors file (images U8 [N,P], labels U8 [N])
      </label>
      <input
        id={id}
        type="file"
        onChange={(event) => void upload(event.target.files?.[0])}
        className="mt-1 mb-3 block w-full text-sm file:mr-3 file:cursor-pointer file:rounded-lg file:border file:border-solid file:border-line-strong file:bg-surface file:px-3 file:py-1.5 file:font-medium file:text-text"
      />
      <Field label="or its CID" value={cid} onChange={onCid} problem={problem} isMono />
      <p role="status" className="text-sm text-muted">
        {share !== undefined ? (
          `Uploading: ${formatPercent(share)}`
        ) : added?.cid === cid ? (
          `Stored: ${formatCount(added.samples)} samples of ${formatCount(added.pixels)} pixels`
        ) : (
          <Presence cid={cid} />
        )}
      </p>
      {error !== undefined && <FailureBox error={error} />}
    </fieldset>
  )
}

/** Whether the store has the first block: the seller will look for it there. */
const Presence = ({ cid }: { cid: string }) => {
  const isCid = /^b[a-z2-7]{20,120}$/.test(cid)
  const { data } = useQuery({
    queryKey: ['stored', cid],
    enabled: isCid,
    queryFn: async ({ signal }) => (await fetch(contentApi(cid), { method: 'HEAD', signal })).ok,
  })
  if (!isCid || data === undefined) return null
  return data
    ? 'This store has it.'
    : 'This store does not have it: upload the file, or the seller cannot start.'
}
