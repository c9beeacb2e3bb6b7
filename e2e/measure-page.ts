/** What is wrong with a page as it lies in the window now, by kind; each a few words on the element. */
export interface PageFaults {
  /** Pixels that the page is wider than the window. */
  overflow: number;
  /** Controls that no scrolling brings into the window. */
  outOfReach: string[];
  /** Controls smaller than a finger needs; empty where `smallest` is 0. */
  small: string[];
  /** Words that are cut and can be read whole nowhere. */
  cut: string[];
  /** Words that are printed over other words. */
  overprinted: string[];
}

/** Runs inside the page, so it stands alone. `smallest` is the least width and height of what is touched, in CSS pixels. */
export function measurePage(smallest: number): PageFaults {
  const CONTROLS = "a[href], button, input, select, textarea, summary";
  const nameOf = (element: Element) =>
    `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`;
  const isShown = (element: Element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 1 && height > 1 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const all = (selector: string) => [...document.querySelectorAll(selector)].filter(isShown);

  /** What of an element its ancestors let be seen, wherever they are scrolled to. */
  const isReachable = (element: Element) => {
    const rect = element.getBoundingClientRect();
    let [left, right] = [rect.left, rect.right];
    for (let each = element.parentElement; each; each = each.parentElement) {
      const { overflowX, position } = getComputedStyle(each);
      if (/auto|scroll/.test(overflowX)) return true;
      if (/hidden|clip/.test(overflowX) && each !== document.body) {
        const clip = each.getBoundingClientRect();
        [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
      }
      if (position === "fixed") break;
    }
    return Math.min(right, window.innerWidth) - Math.max(left, 0) >= rect.width * 0.6;
  };
  const isWrapped = (element: Element) => element.closest("p, dd, li, td, span")?.textContent !== element.textContent;
  const isInSentence = (element: Element) =>
    element.tagName === "A" && getComputedStyle(element).display === "inline" && isWrapped(element);
  /** A row's link and a radio's label cover more than themselves. */
  const touched = (element: Element) => {
    const cover = getComputedStyle(element, "::after");
    if (cover.position === "absolute" && cover.inset === "0px") return element.closest(".relative, tr, li") ?? element;
    return element.closest("label") ?? element;
  };
  const isSmall = (element: Element) => {
    const { width, height } = touched(element).getBoundingClientRect();
    return width < smallest - 0.5 || height < smallest - 0.5;
  };

  const leaves = all("main *, nav *").filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
  );
  const isCut = (element: Element) => {
    const { textOverflow } = getComputedStyle(element);
    if (textOverflow !== "ellipsis" || element.scrollWidth <= element.clientWidth + 1) return false;
    return !element.closest("[title], button, [role=log]");
  };
  const boxes = leaves
    .filter((element) => !element.closest("[role=log], .sr-only, svg, [data-bar], [popover]"))
    .map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const clip = element.getBoundingClientRect();
      const rect = range.getBoundingClientRect();
      const isClipped = getComputedStyle(element).overflow !== "visible";
      return {
        element,
        left: rect.left,
        right: isClipped ? Math.min(rect.right, clip.right) : rect.right,
        top: rect.top,
        bottom: rect.bottom,
      };
    });
  const over: string[] = [];
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1)) {
      if (a.element.contains(b.element) || b.element.contains(a.element)) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide < 3 || high < 6) continue;
      const at = document.elementsFromPoint(Math.max(a.left, b.left) + wide / 2, Math.max(a.top, b.top) + high / 2);
      if (at.some((each) => each === a.element || a.element.contains(each)) && at.some((each) => each === b.element))
        over.push(`${nameOf(a.element)} and ${nameOf(b.element)}`);
    }

  return {
    overflow: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
    outOfReach: all(CONTROLS)
      .filter((element) => !isReachable(element))
      .map(nameOf),
    small:
      smallest === 0
        ? []
        : all(CONTROLS)
            .filter((element) => !isInSentence(element) && isSmall(element))
            .map(nameOf),
    cut: leaves.filter(isCut).map(nameOf),
    overprinted: over,
  };
}
