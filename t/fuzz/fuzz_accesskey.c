/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_accesskey.c - each line is a client, a tag of ours or a reply; the
 * keys of a client are those that sendmail looks up for it
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"

#include "mqueue/accesskey.h"
#include "mqueue/accesstag.h"
#include "mqueue/accessvalue.h"

#define HOST 128 /* bits of one address */

static int
is_in(void *arg, const char *key)
{
	const struct accesskey_list *list = arg;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcasecmp(list->key[i], key) == 0)
			return 1;
	return 0;
}

static void
keys(const struct accesskey *k, bool compressed)
{
	static struct accesskey_list list;
	struct accesskey part;
	const char *why = NULL;
	struct span key;
	size_t i;

	if (accesskey_keys(k, compressed, &list, &why) != 0) {
		FUZZ_MUST(fuzz_is_line(why));
		return;
	}
	FUZZ_MUST(list.n >= 1 && list.n <= 2 * ACCESSKEY_KEYS);
	for (i = 0; i < list.n; i++) {
		key = (struct span){ list.key[i], strlen(list.key[i]) };
		FUZZ_MUST(accesskey_of(&part, key));
		FUZZ_MUST(accesskey_covers(k, &part));
	}
	if (k->is_name || k->prefix.bits == HOST)
		FUZZ_MUST(accesskey_walk(k, compressed, is_in, &list) == 1);
}

static void
client(const char *line)
{
	struct accesskey k, again;
	struct buf b = BUF_INIT;
	const char *why = NULL;

	if (accesskey_parse(&k, line, &why) != 0) {
		FUZZ_MUST(fuzz_is_line(why));
		return;
	}
	accesskey_add(&b, &k);
	FUZZ_MUST(accesskey_parse(&again, buf_str(&b), &why) == 0);
	FUZZ_MUST(accesskey_equal(&k, &again) && accesskey_covers(&k, &again));
	buf_free(&b);
	keys(&k, false);
	keys(&k, true);
}

static void
tag(const char *line)
{
	struct buf b = BUF_INIT;
	struct accesstag t;

	if (!accesstag_parse(&t, (struct span){ line, strlen(line) }))
		return;
	FUZZ_MUST(fuzz_inside(t.by, line, strlen(line)) &&
	    fuzz_inside(t.reason, line, strlen(line)));
	accesstag_add(&b, &t);
	FUZZ_MUST(b.len == strlen(line) + 1 &&
	    memcmp(b.data, line, b.len - 1) == 0);
	buf_free(&b);
}

static void
reply(const char *line)
{
	struct buf b = BUF_INIT;
	const char *why = NULL;

	if (accessvalue_parse(&b, line, &why) == 0)
		FUZZ_MUST(fuzz_is_line(buf_str(&b)) &&
		    accessvalue_of((struct span){ b.data, b.len }) ==
			ACCESSVALUE_REFUSE);
	else
		FUZZ_MUST(b.len == 0 && fuzz_is_line(why));
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *line;

	while ((line = fuzz_line(&bytes, &n)) != NULL) {
		client(line);
		tag(line);
		reply(line);
		free(line);
	}
	return 0;
}
