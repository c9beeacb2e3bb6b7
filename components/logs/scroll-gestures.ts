import type { HTMLAttributes } from "react";

/** So close to the first line, the ones before it are asked for. */
const NEAR_TOP_PX = 200;
/** A finger that pulls the first line down this far asks for them, too. */
const PULL_PX = 24;

/** What a pane is told of what somebody does to it. */
interface Gestures {
  /** Whether it follows new lines, and has some. */
  isFollowing: boolean;
  hasRows: boolean;
  /** Whether the rows stand where somebody scrolled them, and not where the pane put them. */
  isScrolledByHand(): boolean;
  /** Where a finger came down. */
  touch: { current: number };
  /** Somebody moves on: the place that was kept for them is kept no longer. */
  onMove(): void;
  onPause(): void;
  /** Asked for lines before the first one. */
  onTop(): void;
}

/** What pauses a pane and what asks it for older lines: wheel, finger, key and scroll bar. */
export function scrollGestures({
  isFollowing,
  hasRows,
  isScrolledByHand,
  touch,
  onMove,
  onPause,
  onTop,
}: Gestures): HTMLAttributes<HTMLElement> {
  const isAtTop = (pane: HTMLElement) => !isFollowing && pane.scrollTop <= 0;
  const pause = () => {
    if (hasRows) onPause();
  };
  return {
    onPointerDown({ nativeEvent, currentTarget, target }) {
      // On the scroll bar, which is outside of what is laid out.
      const isOnBar = nativeEvent.offsetX >= currentTarget.clientWidth;
      if (!isOnBar || target !== currentTarget) return;
      onMove();
      if (isFollowing) pause();
    },
    onWheel({ deltaY, currentTarget }) {
      onMove();
      if (deltaY >= 0) return;
      if (isFollowing) pause();
      else if (isAtTop(currentTarget)) onTop();
    },
    onTouchStart({ touches }) {
      touch.current = touches[0]?.clientY ?? 0;
    },
    onTouchMove({ touches, currentTarget }) {
      onMove();
      if (isFollowing) pause();
      // Where a few lines are shown there is nothing to scroll.
      else if (isAtTop(currentTarget) && (touches[0]?.clientY ?? 0) - touch.current > PULL_PX) onTop();
    },
    onKeyDown({ key, currentTarget }) {
      onMove();
      if (!["PageUp", "ArrowUp", "Home"].includes(key)) return;
      if (isFollowing) onPause();
      else if (isAtTop(currentTarget)) onTop();
    },
    onScroll({ currentTarget }) {
      // Nobody asks for more where the list was made longer or shorter under what is looked at.
      if (!isFollowing && isScrolledByHand() && currentTarget.scrollTop < NEAR_TOP_PX && hasRows) onTop();
    },
  };
}
