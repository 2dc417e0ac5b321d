/** Where the pointer, or the focus, is: a country and a place in the view, pixels. */
export interface Pointed {
  readonly code: string;
  readonly x: number;
  readonly y: number;
}

/** What the page asks of the map and of the globe alike. */
export interface MapView {
  /** Magnifies about the middle; above 1 is nearer. */
  zoomBy(factor: number): void;
  reset(): void;
  /** Where a country's label stands, pixels; undefined when out of sight. */
  placeOf(code: string): { readonly x: number; readonly y: number } | undefined;
  /** Brings a country into sight if it is not. */
  reveal(code: string): void;
}

/** How far one press of a key moves the picture, pixels. */
export const STEP_PX = 60;
/** How much one press of a button magnifies. */
export const STEP_ZOOM = 1.6;
export const MAX_ZOOM = 40;

/** Acts on a view's keys; whether the key was one. */
export function pressed(key: string, view: MapView, move: (dx: number, dy: number) => void): boolean {
  switch (key) {
    case 'ArrowLeft':
      move(STEP_PX, 0);
      return true;
    case 'ArrowRight':
      move(-STEP_PX, 0);
      return true;
    case 'ArrowUp':
      move(0, STEP_PX);
      return true;
    case 'ArrowDown':
      move(0, -STEP_PX);
      return true;
    case '+':
    case '=':
      view.zoomBy(STEP_ZOOM);
      return true;
    case '-':
    case '_':
      view.zoomBy(1 / STEP_ZOOM);
      return true;
    case '0':
    case 'Home':
      view.reset();
      return true;
    default:
      return false;
  }
}
