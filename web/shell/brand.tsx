/** The name with its mark: three lines of a plan, the last one done. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 64 64" width="30" height="30" aria-hidden="true" focusable="false">
        <rect width="64" height="64" rx="14" className="brand-ground" />
        <path d="M15 20h34M15 32h34M15 44h20M40 44l5 5 9-11" className="brand-line" />
      </svg>
      <span className="brand-name">校研</span>
    </span>
  )
}
