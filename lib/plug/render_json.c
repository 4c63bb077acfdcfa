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
#include <stdio.h>

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
	    p->unknown ? json_null() : render_json_number(p->value), "uom",
	    perf_uom_text(p->uom));

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

/* json_pack()'s "s*" takes a text without memory for none. */
static int
render_json_text(json_t *node, const char *key, const char *text)
{
	if (text == NULL)
		return 0;
	return json_object_set_new(node, key, json_string(text));
}

static json_t *render_json_results(const struct result *);

static json_t *
render_json_result(const struct result *r)
{
	json_t *node = json_pack("{s:s, s:s}", "subject", r->subject, "state",
	    result_state_name(r->state));

	if (node == NULL ||
	    render_json_text(node, "summary", r->text[RESULT_SUMMARY]) != 0 ||
	    render_json_text(node, "detail", r->text[RESULT_DETAIL]) != 0 ||
	    render_json_text(node, "advice", r->text[RESULT_ADVICE]) != 0 ||
	    json_object_set_new(node, "results", render_json_results(r)) != 0) {
		json_decref(node);
		return NULL;
	}
	return node;
}

static json_t *
render_json_results(const struct result *r)
{
	json_t *array = json_array();
	size_t i;

	for (i = 0; i < r->nchild; i++) {
		if (json_array_append_new(array,
			render_json_result(r->child[i])) != 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

int
render_json_say(char *text, size_t size, const char *service,
    enum result_state state, const char *words)
{
	return snprintf(text, size,
	    "{\"version\":1,\"service\":\"%s\",\"state\":\"%s\",\"code\":%d,"
	    "\"summary\":\"%s\",\"perfdata\":[],\"results\":[]}\n",
	    service, result_state_name(state), (int)state, words);
}

int
render_json(const struct result *r, const struct render_options *opt,
    struct buf *out)
{
	struct buf summary = BUF_INIT;
	json_t *root;
	int rc;

	render_add_text(&summary, r);
	if (summary.oom) {
		buf_free(&summary);
		return -1;
	}
	root = json_pack("{s:i, s:s, s:s, s:i, s:s, s:o, s:o}", "version", 1,
	    "service", opt->service, "state", result_state_name(r->state),
	    "code", (int)r->state, "summary", buf_str(&summary), "perfdata",
	    render_json_perfdata(r), "results", render_json_results(r));
	/* json_dumps() may leave parts out for want of memory. */
	rc = json_dump_callback(root, buf_sink, out,
	    JSON_REAL_PRECISION(15) |
		(opt->verbose > 0 ? JSON_INDENT(2) : JSON_COMPACT));
	buf_addc(out, '\n');
	json_decref(root);
	buf_free(&summary);
	return rc != 0 || out->oom ? -1 : 0;
}
#endif
