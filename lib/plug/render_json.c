/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * render_json.c - a result tree as one JSON object
 *
 * jansson escapes; texts are ASCII already.
 */
#include "plug/render.h"

#ifdef HAVE_JANSSON
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

/* A whole number stays one. */
static json_t *
render_json_number(double value)
{
	if (value == floor(value))
		return json_integer((json_int_t)value);
	return json_real(value);
}

static int
render_json_range(json_t *item, const char *key, const struct range *range)
{
	struct buf text = BUF_INIT;
	int rc = -1;

	range_add(&text, range);
	if (buf_str(&text) != NULL)
		rc = json_object_set_new(item, key,
		    json_string(buf_str(&text)));
	buf_free(&text);
	return rc;
}

static json_t *
render_json_perf(const struct perf *p)
{
	json_t *item = json_pack("{s:s, s:o, s:s}", "label", p->label, "value",
	    render_json_number(p->value), "uom", perf_uom_text(p->uom));

	if (item == NULL)
		return NULL;
	if ((p->has_warn && render_json_range(item, "warn", &p->warn) != 0) ||
	    (p->has_crit && render_json_range(item, "crit", &p->crit) != 0)) {
		json_decref(item);
		return NULL;
	}
	return item;
}

static json_t *
render_json_perfdata(const struct result *r)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < r->nperf; i++)
		if (json_array_append_new(array,
			render_json_perf(&r->perf[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	return array;
}

static json_t *
render_json_results(const struct result *r)
{
	json_t *array = json_array(), *node;
	const struct result *c;
	size_t i;

	for (i = 0; i < r->nchild; i++) {
		c = r->child[i];
		node = json_pack("{s:s, s:s, s:s*, s:s*, s:s*, s:o}", "subject",
		    c->subject, "state", result_state_name(c->state), "summary",
		    c->text[RESULT_SUMMARY], "detail", c->text[RESULT_DETAIL],
		    "advice", c->text[RESULT_ADVICE], "results",
		    render_json_results(c));
		if (json_array_append_new(array, node) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

int
render_json(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	struct buf summary = BUF_INIT;
	json_t *root;
	char *text;

	render_add_text(&summary, r);
	root = json_pack("{s:i, s:s, s:s, s:i, s:s*, s:o, s:o}", "version", 1,
	    "service", opt->service, "state", result_state_name(r->state),
	    "code", (int)r->state, "summary", buf_str(&summary), "perfdata",
	    render_json_perfdata(r), "results", render_json_results(r));
	text = json_dumps(root,
	    JSON_REAL_PRECISION(15) |
		(opt->verbose > 0 ? JSON_INDENT(2) : JSON_COMPACT));
	if (text != NULL)
		buf_addf(out, "%s\n", text);
	free(text);
	json_decref(root);
	buf_free(&summary);
	return text == NULL || out->oom ? -1 : 0;
}
#endif
