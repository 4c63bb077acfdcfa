/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json.c - values for jansson, and an answer that is whole or an error
 *
 * Owns jansson's allocation functions, which the whole process shares.
 */
#include "tools/common/json.h"

#ifdef HAVE_JANSSON
#include <stdbool.h>
#include <stdlib.h>

static bool tool_json_lacked; /* memory, since the answer began */

static void *
tool_json_malloc(size_t n)
{
	void *p = malloc(n);

	if (p == NULL)
		tool_json_lacked = true;
	return p;
}

void
tool_json_begin(void)
{
	tool_json_lacked = false;
	json_set_alloc_funcs(tool_json_malloc, free);
}

int
tool_json_finish(struct buf *out, json_t *object, size_t flags)
{
	/* json_dumps() may leave parts out for want of memory. */
	int rc = json_dump_callback(object, buf_sink, out, flags);

	buf_addc(out, '\n');
	json_decref(object);
	return rc != 0 || out->oom || tool_json_lacked ? -1 : 0;
}

json_t *
tool_json_take(struct buf *text)
{
	json_t *j = NULL;

	if (text->oom)
		tool_json_lacked = true;
	else
		j = json_stringn(text->data != NULL ? text->data : "",
		    text->len);
	buf_free(text);
	return j;
}

/* Drops the whole where a part could not be added. */
static void
tool_json_check(json_t **whole, int rc)
{
	if (rc == 0)
		return;
	json_decref(*whole);
	*whole = NULL;
}

void
tool_json_push(json_t **array, json_t *item)
{
	tool_json_check(array, json_array_append_new(*array, item));
}

void
tool_json_set(json_t **object, const char *key, json_t *item)
{
	tool_json_check(object, json_object_set_new(*object, key, item));
}

void
tool_json_join(json_t **object, json_t *members)
{
	tool_json_check(object, json_object_update(*object, members));
	json_decref(members);
}
#endif
