/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render.c - what the output formats share
 */
#include <string.h>

#include "base/clean.h"
#include "plug/render.h"

const struct render_format render_formats[] = { { "nagios", render_nagios },
#ifdef HAVE_JANSSON
	{ "json", render_json },
#endif
	{ NULL, NULL } };

void
render_add_text(struct buf *out, const struct result *r)
{
	struct buf text = BUF_INIT;
	size_t i;

	for (i = 0; i < r->nchild; i++) {
		if (r->child[i]->text[RESULT_SUMMARY] == NULL)
			continue;
		if (text.len != 0)
			buf_adds(&text, "; ");
		buf_adds(&text, r->child[i]->text[RESULT_SUMMARY]);
	}
	if (text.len > RENDER_TEXT_MAX) {
		buf_truncate(&text, RENDER_TEXT_MAX - 3);
		buf_adds(&text, "...");
	}
	clean_add_line(out, text.data, text.len);
	out->oom |= text.oom;
	buf_free(&text);
}

render_fn *
render_find(const char *name)
{
	const struct render_format *f;

	for (f = render_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f->render;
	return NULL;
}
