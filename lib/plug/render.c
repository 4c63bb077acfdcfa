/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render.c - what the output formats share
 */
#include <string.h>

#include "base/clean.h"
#include "plug/render.h"

const struct render_format render_formats[] = { { "nagios", render_nagios,
						    render_nagios_say },
#ifdef HAVE_JANSSON
	{ "json", render_json, render_json_say },
#endif
	{ NULL, NULL, NULL } };

void
render_add_text(struct buf *out, const struct result *r)
{
	struct buf text = BUF_INIT;
	const char *alone = r->text[RESULT_SUMMARY];
	size_t i;

	if (alone != NULL) {
		clean_add_line(out, alone, strlen(alone));
		return;
	}
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

const struct render_format *
render_find(const char *name)
{
	const struct render_format *f;

	for (f = render_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
