// SPDX-License-Identifier: Apache-2.0
package org.processional.site;

/**
 * What stands around a page: the head, the way to the other pages, and the style, which needs no other file.
 *
 * <p><b>Threads:</b> from any thread.
 */
final class Template {
    private static final String STYLE = """
            :root { --text: #1d2430; --soft: #5b6675; --line: #dfe4ea; --code: #f5f7f9; --link: #0b62b3; --back: #ffffff }
            @media (prefers-color-scheme: dark) {
              :root { --text: #dde3ea; --soft: #97a3b1; --line: #313a46; --code: #1b222b; --link: #6db3f2; --back: #12171d }
            }
            * { box-sizing: border-box }
            body { margin: 0; color: var(--text); background: var(--back); font: 17px/1.6 system-ui, "DejaVu Sans", sans-serif }
            header { border-bottom: 1px solid var(--line) }
            header nav, main { max-width: 50rem; margin: 0 auto; padding: 0.8rem 1.2rem }
            header nav { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; font-size: 0.95rem }
            header nav a:first-child { font-weight: 700; color: var(--text) }
            main { padding-bottom: 4rem; overflow-wrap: break-word }
            a { color: var(--link); text-decoration: none }
            a:hover { text-decoration: underline }
            h1, h2, h3 { line-height: 1.25; margin: 2rem 0 0.7rem }
            h1 { font-size: 1.9rem; margin-top: 1.2rem }
            h2 { font-size: 1.35rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem }
            code, pre { font: 0.87em/1.5 ui-monospace, "DejaVu Sans Mono", monospace }
            code { background: var(--code); border-radius: 3px; padding: 0.1em 0.3em }
            pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 0.8rem 1rem; overflow-x: auto }
            pre code { background: none; padding: 0; font-size: 1em }
            .table { overflow-x: auto; margin: 1rem 0 }
            table { border-collapse: collapse; font-size: 0.93rem }
            th, td { border-bottom: 1px solid var(--line); padding: 0.4rem 0.8rem 0.4rem 0; text-align: left; vertical-align: top }
            th { color: var(--soft); font-weight: 600 }
            td code { overflow-wrap: anywhere }
            img { max-width: 100%; height: auto }
            @media (max-width: 40rem) {
              body { font-size: 16px }
              header nav, main { padding-left: 0.9rem; padding-right: 0.9rem }
              h1 { font-size: 1.55rem }
              pre { margin-left: -0.9rem; margin-right: -0.9rem; border-radius: 0; border-left: 0; border-right: 0 }
            }
            """;

    private Template() {}

    static String page(Page page, String html) {
        return page(page.title(), page.depth(), html);
    }

    /** A file of the project. */
    static String source(String path, String text) {
        int depth = (int) ("source/" + path).chars().filter(c -> c == '/').count();
        return page(path, depth, "<h1>" + escape(path) + "</h1>\n<pre><code>" + escape(text) + "</code></pre>\n");
    }

    private static String page(String title, int depth, String html) {
        String up = "../".repeat(depth);
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <header><nav>
                <a href="%sindex.html">Processional</a>
                <a href="%sdocs/getting-started.html">Getting started</a>
                <a href="%sdocs/index.html">Pages</a>
                <a href="%sjavadoc/index.html">Javadoc</a>
                </nav></header>
                <main>
                %s</main>
                </body>
                </html>
                """.formatted(escape(title.replace("`", "")), STYLE, up, up, up, up, scrollable(html));
    }

    /** A wide table scrolls by itself, and not the page with it. */
    private static String scrollable(String html) {
        return html.replace("<table>", "<div class=\"table\"><table>").replace("</table>", "</table></div>");
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
