/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render.c - the table of output formats
 */
#include <string.h>

#include "plug/render.h"

const struct render_format render_formats[] = {
	{ "nagios", render_nagios },
#ifdef HAVE_JANSSON
	{ "json", render_json },
#endif
	{ NULL, NULL }
};

render_fn *
render_find(const char *name)
{
	const struct render_format *f;

	for (f = render_formats; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f->render;
	return NULL;
}
