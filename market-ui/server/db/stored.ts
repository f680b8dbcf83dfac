/** A chain value as JSON keeps it: wide integers are decimal strings. */
export type Stored<T> = T extends bigint
  ? string
  : T extends string | number | boolean | null | undefined
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Stored<Item>[]
      : { readonly [Key in keyof T]: Stored<T[Key]> }

/** JSON text in which bigints are decimal strings. */
export const toStoredJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))

/** The value itself in its stored form. */
export const toStored = <T>(value: T): Stored<T> => JSON.parse(toStoredJson(value)) as Stored<T>
