import { Fragment, type ReactNode, useMemo } from 'react';
import { type Block, type Inline, parseMarkdown } from '../lib/markdown';
import './markdown.css';

/** Markdown as elements of our own: nothing of the text becomes HTML. */
export function Markdown({ text, names }: { text: string; names?: readonly string[] }) {
  const tree = useMemo(() => parseMarkdown(text, names), [text, names]);
  return <div className="markdown">{blocks(tree)}</div>;
}

// The tree is made anew from each text, so a place in it is a good key.
const blocks = (list: Block[]): ReactNode => list.map((b, i) => <Fragment key={keyOf(i)}>{block(b)}</Fragment>);
const inline = (list: Inline[]): ReactNode => list.map((p, i) => <Fragment key={keyOf(i)}>{piece(p)}</Fragment>);
const keyOf = (place: number) => String(place);

function block(b: Block): ReactNode {
  switch (b.is) {
    case 'paragraph':
      return <p>{inline(b.inside)}</p>;
    case 'heading': // the outline of the page is not for comments to change
      return <p className="markdown-heading">{inline(b.inside)}</p>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself
        <pre tabIndex={0}>
          <code>{b.text}</code>
        </pre>
      );
    case 'quote':
      return <blockquote>{blocks(b.inside)}</blockquote>;
    case 'list':
      return list(b);
    case 'rule':
      return <hr />;
  }
}

function list({ ordered, start, items }: Extract<Block, { is: 'list' }>): ReactNode {
  const rows = items.map((item, i) => (
    <li key={keyOf(i)}>{item.length === 1 && item[0]?.is === 'paragraph' ? inline(item[0].inside) : blocks(item)}</li>
  ));
  return ordered ? <ol start={start}>{rows}</ol> : <ul>{rows}</ul>;
}

function piece(p: Inline): ReactNode {
  switch (p.is) {
    case 'text':
      return p.text;
    case 'code':
      return <code>{p.text}</code>;
    case 'mention':
      return <span className="mention">{p.text}</span>;
    case 'break':
      return <br />;
    case 'link':
      return (
        <a className="link" href={p.href} target="_blank" rel="noreferrer noopener nofollow">
          {inline(p.inside)}
        </a>
      );
    case 'strong':
      return <strong>{inline(p.inside)}</strong>;
    case 'em':
      return <em>{inline(p.inside)}</em>;
    case 'del':
      return <del>{inline(p.inside)}</del>;
  }
}
