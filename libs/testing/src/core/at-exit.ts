type Cleanup = () => void;

const cleanups = new Set<Cleanup>();
let isHooked = false;

/**
 * Runs `cleanup` (synchronous, may not throw) when this process exits without having disposed of its resource.
 * @returns a function that forgets the cleanup again.
 */
export function atExit(cleanup: Cleanup): () => void {
  if (!isHooked) {
    isHooked = true;
    process.once('exit', () => {
      for (const run of cleanups) run();
    });
  }
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}
