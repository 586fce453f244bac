/** The style sheet, served at `/style.css`. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#faf8f4, #14120f);
  --card: light-dark(#fff, #1e1b17);
  --ink: light-dark(#231f1a, #f1ece4);
  --quiet: light-dark(#675f54, #b0a697);
  --line: light-dark(#ded7ca, #3a352d);
  --good: light-dark(#12998a, #2fd0b7);
  --bad: light-dark(#8c1622, #d8434e);
  --accent: light-dark(#8a3b12, #f0a878);
  --on-accent: light-dark(#fff, #231f1a);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.55 Georgia, "Noto Serif", serif; }
header, main, footer { max-inline-size: 60rem; margin-inline: auto; padding: 1rem 1.25rem; }
header { padding-block-start: 2rem; }
header a { color: inherit; font-size: 1.25rem; font-style: italic; text-decoration: none; }
h1 { margin-block: 0 1.5rem; font-size: clamp(1.75rem, 5vw, 2.75rem); font-weight: 400; line-height: 1.15; }
h2 { margin: 0; font-size: 1.2rem; font-weight: 600; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
footer, .quiet { color: var(--quiet); font-size: .9rem; }
footer { margin-block-start: 3rem; border-block-start: 1px solid var(--line); }
.products { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); padding: 0; list-style: none; }
.products li { display: flex; flex-direction: column; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
.products p { margin-block: .4rem; }
.products label { margin-block-start: auto; color: var(--quiet); font-size: .9rem; }
.price { font-size: 1.2rem; font-variant-numeric: tabular-nums; }
label { display: block; margin-block: .75rem; }
input { display: block; inline-size: 100%; max-inline-size: 24rem; min-block-size: 2.75rem; margin-block-start: .25rem; padding: .5rem .75rem; border: 1px solid var(--quiet); border-radius: .5rem; background: var(--card); color: inherit; font: inherit; }
button { min-block-size: 2.75rem; margin-inline-end: 1rem; padding: .6rem 1.5rem; border: 0; border-radius: 2rem; background: var(--accent); color: var(--on-accent); font: inherit; cursor: pointer; }
table { inline-size: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .6rem .25rem; border-block-end: 1px solid var(--line); font-weight: 400; text-align: start; }
thead th { color: var(--quiet); font-size: .9rem; }
tfoot th, tfoot td { border: 0; font-weight: 700; }
th:not(:first-child), td { text-align: end; }
.problem { padding: .75rem 1rem; border-inline-start: 4px solid var(--accent); background: var(--card); }
.messages { display: grid; gap: 1rem; padding: 0; list-style: none; }
.messages li { padding: 1rem 1.25rem; background: var(--card); border: 1px solid var(--line); border-inline-start: .35rem solid var(--bad); border-radius: .5rem; }
.messages .good { border-inline-start-color: var(--good); }
.messages p { margin-block: .4rem 0; overflow-wrap: anywhere; }
code { font-size: .9em; }
.hidden { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
`;
