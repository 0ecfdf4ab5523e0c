import { toastError } from './toast';

/** Runs a change, says what went wrong, and shows what is so afterwards; false when it was refused. */
export type Run = (change: () => Promise<unknown>, failed: string) => Promise<boolean>;

export const runThen =
  (refresh: () => Promise<unknown>): Run =>
  async (change, failed) => {
    try {
      await change();
      return true;
    } catch (error) {
      toastError(error, failed);
      return false;
    } finally {
      await refresh();
    }
  };
