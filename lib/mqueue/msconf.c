/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * msconf.c - what MailScanner.conf says of queue directories
 *
 * Pure: bytes in, struct out; files named by include are read by the caller.
 * The model is ReadConfFile() of MailScanner's Config.pm.  A setting whose
 * value can't be known is kept with the reason, because a later line may set
 * it again.  Limits: a value that variables make longer than MSCONF_VALUE_MAX
 * is such a one.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mqueue/msconf.h"

#define MSCONF_VALUE_MAX 4096
#define MSCONF_SHOWN     40 /* bytes of a variable's name */

/* internal: its name in MailScanner's code, which it takes as well. */
static const struct msconf_key_row {
	const char *plain, *name, *internal;
} msconf_keys[MSCONF_KEYS] = {
	[MSCONF_INCOMING] = { "incomingqueuedir", "Incoming Queue Dir",
	    "inqueuedir" },
	[MSCONF_OUTGOING] = { "outgoingqueuedir", "Outgoing Queue Dir",
	    "outqueuedir" },
	[MSCONF_MTA] = { "mta", "MTA", NULL },
	[MSCONF_LDAP_SERVER] = { "ldapserver", "LDAP Server", NULL },
	[MSCONF_DB_DSN] = { "dbdsn", "DB DSN", NULL },
	[MSCONF_DB_USER] = { "dbusername", "DB Username", NULL },
	[MSCONF_DB_PASSWORD] = { "dbpassword", "DB Password", NULL },
	[MSCONF_SQL_CONFIG] = { "sqlconfig", "SQL Config", NULL },
};

struct msconf_var {
	struct msconf_var *next;
	char *name; /* without the % */
	struct msconf_setting is;
};

static void
msconf_setting_free(struct msconf_setting *s)
{
	free(s->file);
	free(s->value);
	free(s->unknown);
}

void
msconf_free(struct msconf *m)
{
	struct msconf_var *v;
	size_t i;

	while ((v = m->vars) != NULL) {
		m->vars = v->next;
		msconf_setting_free(&v->is);
		free(v->name);
		free(v);
	}
	for (i = 0; i < MSCONF_KEYS; i++)
		msconf_setting_free(&m->v[i]);
	*m = (struct msconf)MSCONF_INIT;
}

const char *
msconf_key_name(enum msconf_key key)
{
	return msconf_keys[key].name;
}

static bool
msconf_isblank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

char *
msconf_trim(char *s)
{
	size_t n;

	while (msconf_isblank(*s))
		s++;
	for (n = strlen(s); n != 0 && msconf_isblank(s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

char *
msconf_next_line(const char **s, const char *end)
{
	const char *start = *s;
	const char *nl = memchr(start, '\n', (size_t)(end - start));

	*s = nl != NULL ? nl + 1 : end;
	return strndup(start, (size_t)((nl != NULL ? nl : end) - start));
}

/* "Incoming Queue Dir" is "incomingqueuedir". */
static bool
msconf_key_is(const char *key, const char *plain)
{
	for (; *key != '\0'; key++) {
		if (!isalnum((unsigned char)*key))
			continue;
		if (tolower((unsigned char)*key) != *plain)
			return false;
		plain++;
	}
	return *plain == '\0';
}

static const struct msconf_var *
msconf_find(const struct msconf *m, const char *name, size_t n)
{
	const struct msconf_var *v;

	for (v = m->vars; v != NULL; v = v->next)
		if (strlen(v->name) == n && strncasecmp(v->name, name, n) == 0)
			return v;
	return NULL;
}

/* The %name% that s begins with, at least one character long; 0: none. */
static size_t
msconf_percent(const char *s)
{
	size_t n = s[0] == '%' ? strcspn(s + 1, "%") : 0;

	return n != 0 && s[n + 1] == '%' ? n : 0;
}

/* The name in $NAME or ${NAME, which is all that Config.pm asks for. */
static size_t
msconf_dollar(const char *s, const char **name)
{
	size_t n = 0;

	if (s[0] != '$')
		return 0;
	*name = s[1] == '{' ? s + 2 : s + 1;
	while (isalnum((unsigned char)(*name)[n]) || (*name)[n] == '_')
		n++;
	return n;
}

static void
msconf_tell_unset(struct buf *why, const struct msconf_var *v, const char *name,
    size_t n)
{
	if (n > MSCONF_SHOWN)
		n = MSCONF_SHOWN;
	buf_adds(why, "%");
	buf_add(why, name, n);
	if (v == NULL)
		buf_adds(why, "% is set in no line before");
	else
		buf_addf(why, "%% is set in %s line %zu, where %s", v->is.file,
		    v->is.line, v->is.unknown);
}

/* Where a name of the environment is left, nobody knows what it stands for. */
static bool
msconf_has_dollar(const char *s, struct buf *why)
{
	const char *name;
	size_t n;

	for (; *s != '\0'; s++) {
		if ((n = msconf_dollar(s, &name)) == 0)
			continue;
		buf_adds(why, "$");
		buf_add(why, name, n > MSCONF_SHOWN ? MSCONF_SHOWN : n);
		buf_adds(why,
		    " is of the environment of MailScanner,"
		    " which is not known here");
		return true;
	}
	return false;
}

int
msconf_expand(const struct msconf *m, const char *text, struct buf *out,
    struct buf *why)
{
	const size_t start = out->len;
	const struct msconf_var *v;
	bool grown = false;
	size_t n;

	while (*text != '\0') {
		if ((n = msconf_percent(text)) == 0) {
			buf_addc(out, *text++);
			continue;
		}
		v = msconf_find(m, text + 1, n);
		if (v == NULL || v->is.value == NULL) {
			msconf_tell_unset(why, v, text + 1, n);
			return why->oom ? -1 : 0;
		}
		buf_adds(out, v->is.value);
		grown = true;
		text += n + 2;
		if (out->len - start > MSCONF_VALUE_MAX)
			break;
	}
	if (out->oom)
		return -1;
	if (grown && out->len - start > MSCONF_VALUE_MAX)
		buf_addf(why, "variables make it longer than %d bytes",
		    MSCONF_VALUE_MAX);
	else if (!msconf_has_dollar(out->len != 0 ? out->data + start : "",
		     why))
		return 1;
	return why->oom ? -1 : 0;
}

/* Sets it to a text of this line; what it was is freed. */
static int
msconf_assign(const struct msconf *m, struct msconf_setting *s,
    const char *file, size_t line, const char *text)
{
	struct msconf_setting is = { strdup(file), line, NULL, NULL };
	struct buf value = BUF_INIT, why = BUF_INIT;
	int rc = msconf_expand(m, text, &value, &why);

	if (rc == 1)
		is.value = buf_take(&value);
	else if (rc == 0)
		is.unknown = buf_take(&why);
	buf_free(&value);
	buf_free(&why);
	if (is.file == NULL || (is.value == NULL && is.unknown == NULL)) {
		msconf_setting_free(&is);
		errno = ENOMEM;
		return -1;
	}
	msconf_setting_free(s);
	*s = is;
	return 0;
}

/* The newest definition is found first. */
static int
msconf_add_var(struct msconf *m, const char *name, size_t n, const char *file,
    size_t line, const char *text)
{
	struct msconf_var *v = calloc(1, sizeof(*v));

	if (v == NULL)
		return -1;
	v->name = strndup(name, n);
	if (v->name == NULL ||
	    msconf_assign(m, &v->is, file, line, text) != 0) {
		free(v->name);
		free(v);
		return -1;
	}
	v->next = m->vars;
	m->vars = v;
	return 0;
}

static int
msconf_set(struct msconf *m, const char *key, const char *file, size_t line,
    const char *text)
{
	size_t n = strlen(key), i;

	if (n > 2 && msconf_percent(key) == n - 2)
		return msconf_add_var(m, key + 1, n - 2, file, line, text);
	for (i = 0; i < MSCONF_KEYS; i++)
		if (msconf_key_is(key, msconf_keys[i].plain) ||
		    (msconf_keys[i].internal != NULL &&
			msconf_key_is(key, msconf_keys[i].internal)))
			return msconf_assign(m, &m->v[i], file, line, text);
	return 0;
}

/* text is the caller's own copy. */
static int
msconf_line(struct msconf *m, char *text, const char *file, size_t line,
    msconf_include_fn *include, void *arg)
{
	char *eq, *key;

	text[strcspn(text, "#")] = '\0';
	key = msconf_trim(text);
	if (strncasecmp(key, "include", 7) == 0 && msconf_isblank(key[7]) &&
	    strchr(key, '=') == NULL)
		return include(arg, msconf_trim(key + 7), line);
	if ((eq = strchr(key, '=')) == NULL)
		return 0;
	*eq = '\0';
	return msconf_set(m, msconf_trim(key), file, line, msconf_trim(eq + 1));
}

int
msconf_parse(struct msconf *m, const char *file, const char *bytes, size_t n,
    msconf_include_fn *include, void *arg)
{
	const char *s = bytes, *end = bytes + n;
	size_t number = 0;
	char *line;
	int rc = 0;

	while (rc == 0 && s != end) {
		if ((line = msconf_next_line(&s, end)) == NULL)
			return -1;
		rc = msconf_line(m, line, file, ++number, include, arg);
		free(line);
	}
	return rc;
}
