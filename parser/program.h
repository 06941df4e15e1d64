/* program: the daemon that a program's name stands for. Private to header*.c and dispatch.c. */
#ifndef PARSER_PROGRAM_H
#define PARSER_PROGRAM_H

#include "parser/header.h"

/* The last element of "postfix/submission/smtpd". */
enum daemon program_postfix(struct slice last);
/* A name without "/": "exim4", "exim-internal", "spamd", also a unit's: "postfix@-.service". */
enum daemon program_plain(struct slice name);
/* Postfix's instance: "postfix-out", or that of "postfix@postfix-out.service". */
struct slice program_instance(struct slice name);
/* The Postfix daemon that says this, when nothing else tells. DAEMON_BORING: none that matters. */
enum daemon program_guess(struct slice body);
/* Its lines have queue ids of the Postfix beside it. */
bool program_knows_qid(enum daemon daemon);

#endif
