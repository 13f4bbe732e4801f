/** @file Shown instead of the studio where the browser lacks something that it cannot do without. */

export function Unsupported({ lacks }: { readonly lacks: readonly string[] }) {
  return (
    <main className="unsupported">
      <h1>Airlock cannot run here yet</h1>
      {lacks.map((lack) => (
        <p key={lack} className="note note-error" role="alert">
          {lack}
        </p>
      ))}
    </main>
  );
}
