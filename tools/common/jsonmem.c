/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jsonmem.c - did jansson want for memory?
 *
 * Owns jansson's allocation functions, which are the process's: one answer at
 * a time, by one thread.
 */
#ifdef HAVE_JANSSON
#include <jansson.h>
#include <stdlib.h>

#include "tools/common/jsonmem.h"

static bool jsonmem_lacked;

static void *
jsonmem_malloc(size_t n)
{
	void *p = malloc(n);

	if (p == NULL)
		jsonmem_lacked = true;
	return p;
}

void
jsonmem_watch(void)
{
	jsonmem_lacked = false;
	json_set_alloc_funcs(jsonmem_malloc, free);
}

bool
jsonmem_failed(void)
{
	return jsonmem_lacked;
}

void
jsonmem_fail(void)
{
	jsonmem_lacked = true;
}
#endif
