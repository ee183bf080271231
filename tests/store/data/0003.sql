-- A store as the third revision wrote it. Never changed: later programs must open it.
PRAGMA application_id = 1316443240;
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE article (
	id INTEGER NOT NULL,
	feed_id VARCHAR(64) NOT NULL,
	"key" TEXT NOT NULL,
	guid TEXT,
	link TEXT,
	digest VARCHAR(64) NOT NULL,
	fingerprint VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	content JSON NOT NULL,
	first_seen DATETIME NOT NULL,
	CONSTRAINT pk_article PRIMARY KEY (id),
	CONSTRAINT fk_article_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id),
	CONSTRAINT uq_article_feed_id_key UNIQUE (feed_id, "key")
);
INSERT INTO "article" VALUES(1,'world','guid:guid-one','guid-one','news.example/one','digest-one','one|Body of one – «Ünïcödé» 日本 📰','one','{"url":"https://news.example/one","author":"A. Writer","published":"2026-11-01T08:30:00.123456+00:00","updated":null,"summary":"In short.","body":"Body of one – «Ünïcödé» 日本 📰","image":"https://news.example/lead.jpg","categories":["World","Science"],"enclosures":[{"url":"https://news.example/a.mp3","type":"audio/mpeg","length":12345}],"source":"The Test Courier"}','2026-11-24 12:00:00.000000');
INSERT INTO "article" VALUES(2,'world','guid:guid-two','guid-two','news.example/two','digest-two','two|Body of two – «Ünïcödé» 日本 📰','two','{"url":"https://news.example/two","author":"A. Writer","published":"2026-11-01T08:30:00.123456+00:00","updated":null,"summary":"In short.","body":"Body of two – «Ünïcödé» 日本 📰","image":"https://news.example/lead.jpg","categories":["World","Science"],"enclosures":[{"url":"https://news.example/a.mp3","type":"audio/mpeg","length":12345}],"source":"The Test Courier"}','2026-11-24 12:00:00.000000');
CREATE TABLE audit_entry (
	id BIGINT NOT NULL,
	count INTEGER NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_audit_entry PRIMARY KEY (id)
);
INSERT INTO "audit_entry" VALUES(5,1,'2026-11-24 12:00:00.000000');
CREATE TABLE basket (
	member_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	source_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	source_thread_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	at DATETIME NOT NULL,
	text TEXT NOT NULL,
	picked BOOLEAN NOT NULL,
	added_at DATETIME NOT NULL,
	CONSTRAINT pk_basket PRIMARY KEY (member_id, thread_id, source_id)
);
INSERT INTO "basket" VALUES(302,5001,40,0,5001,302,'Bob','2026-11-24 11:00:00.000000','said',0,'2026-11-24 12:00:00.000000');
CREATE TABLE case_event (
	id INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	"by" BIGINT NOT NULL,
	kind VARCHAR(16) NOT NULL,
	text TEXT NOT NULL,
	CONSTRAINT pk_case_event PRIMARY KEY (id),
	CONSTRAINT fk_case_event_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id)
);
INSERT INTO "case_event" VALUES(1,1,'2026-11-24 12:00:00.000000',201,'noted','seen before');
INSERT INTO "case_event" VALUES(2,1,'2026-11-24 12:00:00.000000',302,'appealed','');
INSERT INTO "case_event" VALUES(3,2,'2026-11-24 12:00:00.000000',201,'reinstated','not so bad');
CREATE TABLE case_member (
	case_id INTEGER NOT NULL,
	member_id BIGINT NOT NULL,
	position INTEGER NOT NULL,
	name TEXT NOT NULL,
	told VARCHAR(16) NOT NULL,
	strike BOOLEAN NOT NULL,
	appeal TEXT,
	appealed_at DATETIME,
	CONSTRAINT pk_case_member PRIMARY KEY (case_id, member_id),
	CONSTRAINT fk_case_member_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id)
);
INSERT INTO "case_member" VALUES(1,302,0,'Member 302','told',1,'It was a joke.','2026-11-24 12:00:00.000000');
INSERT INTO "case_member" VALUES(2,302,0,'Member 302','told',0,NULL,NULL);
INSERT INTO "case_member" VALUES(3,303,0,'Member 303','waiting',1,NULL,NULL);
CREATE TABLE case_post (
	id INTEGER NOT NULL,
	case_id INTEGER NOT NULL,
	message_id BIGINT NOT NULL,
	stands_id BIGINT,
	position INTEGER NOT NULL,
	thread_id BIGINT NOT NULL,
	author_id BIGINT,
	name TEXT NOT NULL,
	avatar TEXT NOT NULL,
	made VARCHAR(16) NOT NULL,
	at DATETIME NOT NULL,
	snapshot JSON,
	searchable TEXT NOT NULL,
	files_kept BOOLEAN NOT NULL,
	gone_at DATETIME,
	problem TEXT,
	restored_id INTEGER,
	CONSTRAINT pk_case_post PRIMARY KEY (id),
	CONSTRAINT fk_case_post_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id),
	CONSTRAINT fk_case_post_restored_id FOREIGN KEY(restored_id) REFERENCES post (id),
	CONSTRAINT uq_case_post_case_id_message_id UNIQUE (case_id, message_id)
);
INSERT INTO "case_post" VALUES(1,1,60,NULL,0,5001,302,'Member 302','https://cdn.discordapp.com/embed/avatars/0.png','native','2026-11-24 11:00:00.000000','{"content":"He was paid.","words":"He was paid.","files":[{"name":"receipt.txt","size":12,"path":"1/60-1","description":null,"spoiler":false}],"embeds":[],"stickers":[],"poll":null,"reactions":[],"reply_to":null,"quotes":[],"quoted_by":[],"edited_at":null}','he was paid.',0,'2026-11-24 12:00:00.000000',NULL,NULL);
INSERT INTO "case_post" VALUES(2,2,61,NULL,0,5001,302,'Member 302','https://cdn.discordapp.com/embed/avatars/0.png','native','2026-11-24 11:00:00.000000','{"content":"Again.","words":"Again.","files":[],"embeds":[],"stickers":[],"poll":null,"reactions":[],"reply_to":null,"quotes":[],"quoted_by":[],"edited_at":null}','again.',0,'2026-11-24 12:00:00.000000',NULL,7);
INSERT INTO "case_post" VALUES(3,3,62,NULL,0,5001,303,'Member 303','https://cdn.discordapp.com/embed/avatars/0.png','native','2026-11-24 11:00:00.000000','{"content":"And again.","words":"And again.","files":[],"embeds":[],"stickers":[],"poll":null,"reactions":[],"reply_to":null,"quotes":[],"quoted_by":[],"edited_at":null}','and again.',0,NULL,NULL,NULL);
CREATE TABLE disappeared (
	message_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	story_id INTEGER NOT NULL,
	author_id BIGINT NOT NULL,
	webhook_id BIGINT,
	made VARCHAR(16) NOT NULL,
	at DATETIME NOT NULL,
	gone_at DATETIME NOT NULL,
	words TEXT,
	CONSTRAINT pk_disappeared PRIMARY KEY (message_id),
	CONSTRAINT fk_disappeared_story_id FOREIGN KEY(story_id) REFERENCES story (id)
);
INSERT INTO "disappeared" VALUES(64,5001,1,303,NULL,'native','2026-11-24 11:00:00.000000','2026-11-24 12:00:00.000000',NULL);
CREATE TABLE feed (
	id VARCHAR(64) NOT NULL,
	title TEXT NOT NULL,
	initialised_at DATETIME NOT NULL,
	warnings JSON NOT NULL,
	CONSTRAINT pk_feed PRIMARY KEY (id)
);
INSERT INTO "feed" VALUES('world','The Test Courier','2026-11-24 12:00:00.000000','[]');
CREATE TABLE "job" (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	story_id INTEGER,
	kind VARCHAR(16) NOT NULL,
	state VARCHAR(16) NOT NULL,
	lane VARCHAR(32) NOT NULL,
	token VARCHAR(32) NOT NULL,
	payload JSON NOT NULL,
	attempt INTEGER NOT NULL,
	in_doubt BOOLEAN NOT NULL,
	not_before DATETIME NOT NULL,
	started_at DATETIME,
	send_deadline DATETIME,
	recover_after DATETIME,
	message_id BIGINT,
	problem TEXT,
	created_at DATETIME NOT NULL,
	done_at DATETIME,
	post_id INTEGER,
	case_id INTEGER,
	subject_id BIGINT,
	CONSTRAINT fk_job_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT fk_job_post_id FOREIGN KEY(post_id) REFERENCES post (id),
	CONSTRAINT uq_job_token UNIQUE (token),
	CONSTRAINT fk_job_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id)
);
INSERT INTO "job" VALUES(1,1,'open','done','channel:1300000000000002000','tokenofthird0001','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',5001,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,NULL,NULL);
INSERT INTO "job" VALUES(2,2,'open','pending','channel:1300000000000002000','tokenofthird0002','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "job" VALUES(3,1,'quote','done','talk:1','tokenofthird0003','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',40,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',6,NULL,NULL);
INSERT INTO "job" VALUES(4,1,'replace','pending','replace:1','tokenofthird0004','{"message":"30"}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,6,NULL,NULL);
INSERT INTO "job" VALUES(5,NULL,'rights','done','rights:302','tokenofthird0007','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12005,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,NULL,302);
INSERT INTO "job" VALUES(6,1,'take-down','done','case:1','tokenofthird0008','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',NULL,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,1,60);
INSERT INTO "job" VALUES(7,NULL,'rights','pending','rights:302','tokenofthird0009','{}',0,0,'2026-12-21 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,302);
INSERT INTO "job" VALUES(8,1,'requote','done','edit:1','tokenofthird0010','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12008,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',6,NULL,NULL);
INSERT INTO "job" VALUES(9,1,'notice','done','case:1','tokenofthird0011','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12009,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,1,NULL);
INSERT INTO "job" VALUES(10,1,'tell','done','tell:302','tokenofthird0012','{"about":"case"}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12010,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,1,302);
INSERT INTO "job" VALUES(11,1,'enter','done','log','tokenofthird0013','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12011,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,1,NULL);
INSERT INTO "job" VALUES(12,1,'enter','done','log','tokenofthird0014','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12012,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,1,NULL);
INSERT INTO "job" VALUES(13,1,'take-down','done','case:2','tokenofthird0017','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',NULL,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,2,61);
INSERT INTO "job" VALUES(14,1,'notice','done','case:2','tokenofthird0018','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12014,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,2,NULL);
INSERT INTO "job" VALUES(15,1,'tell','done','tell:302','tokenofthird0019','{"about":"case"}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12015,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,2,302);
INSERT INTO "job" VALUES(16,1,'enter','done','log','tokenofthird0020','{}',1,0,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000','2026-11-24 12:00:30.000000','2026-11-24 12:03:00.000000',12016,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',NULL,2,NULL);
INSERT INTO "job" VALUES(17,1,'quote','pending','talk:1','tokenofthird0021','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,7,NULL,NULL);
INSERT INTO "job" VALUES(18,1,'tell','pending','tell:302','tokenofthird0022','{"about":"decision"}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,2,302);
INSERT INTO "job" VALUES(19,1,'notice','pending','case:2','tokenofthird0023','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,2,NULL);
INSERT INTO "job" VALUES(20,1,'enter','pending','log','tokenofthird0024','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,2,NULL);
INSERT INTO "job" VALUES(21,1,'take-down','pending','case:3','tokenofthird0027','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,3,62);
INSERT INTO "job" VALUES(22,1,'report','pending','log','tokenofthird0029','{}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,63);
INSERT INTO "job" VALUES(23,1,'revise','pending','story:1','tokenofthird0030','{}',0,0,'2026-11-24 12:00:05.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "job" VALUES(24,1,'log','pending','log','tokenofthird0031','{"text":"look"}',0,0,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
CREATE TABLE moderation_case (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	origin BIGINT NOT NULL,
	kind VARCHAR(16) NOT NULL,
	state VARCHAR(16) NOT NULL,
	story_id INTEGER,
	thread_id BIGINT,
	channel_id BIGINT,
	title TEXT,
	moderator_id BIGINT,
	rule_id VARCHAR(64),
	rule_title TEXT,
	reason TEXT NOT NULL,
	next_step TEXT NOT NULL,
	searchable TEXT NOT NULL,
	at DATETIME NOT NULL,
	noticed BOOLEAN NOT NULL,
	token VARCHAR(32) NOT NULL,
	log_token VARCHAR(32) NOT NULL,
	notice_id BIGINT,
	log_id BIGINT,
	decided_by BIGINT,
	decided_at DATETIME,
	CONSTRAINT fk_moderation_case_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT uq_moderation_case_origin UNIQUE (origin),
	CONSTRAINT uq_moderation_case_token UNIQUE (token),
	CONSTRAINT uq_moderation_case_log_token UNIQUE (log_token)
);
INSERT INTO "moderation_case" VALUES(1,7060,'removal','standing',1,5001,1300000000000002000,'one',201,'paid','No accusations','claimed a member was paid to post','Forward evidence to support.','claimed a member was paid to post
seen before','2026-11-24 12:00:00.000000',1,'tokenofthird0005','tokenofthird0006',12009,12012,NULL,NULL);
INSERT INTO "moderation_case" VALUES(2,7061,'removal','reinstated',1,5001,1300000000000002000,'one',201,'paid','No accusations','claimed a member was paid to post','Forward evidence to support.','claimed a member was paid to post','2026-11-24 12:00:00.000000',1,'tokenofthird0015','tokenofthird0016',12014,12016,201,'2026-11-24 12:00:00.000000');
INSERT INTO "moderation_case" VALUES(3,7062,'removal','open',1,5001,1300000000000002000,'one',201,'paid','No accusations','claimed a member was paid to post','Forward evidence to support.','claimed a member was paid to post','2026-11-24 12:00:00.000000',1,'tokenofthird0025','tokenofthird0026',NULL,NULL,NULL,NULL);
CREATE TABLE own_thread (
	thread_id BIGINT NOT NULL,
	guild_id BIGINT,
	parent_id BIGINT,
	token VARCHAR(32),
	created_at DATETIME,
	deleted_at DATETIME,
	deleted_by BIGINT,
	CONSTRAINT pk_own_thread PRIMARY KEY (thread_id)
);
INSERT INTO "own_thread" VALUES(5001,NULL,1300000000000002000,'tokenofthird0001','2026-11-24 12:00:00.000000',NULL,NULL);
CREATE TABLE poll (
	url TEXT NOT NULL,
	etag TEXT,
	last_modified TEXT,
	body_hash VARCHAR(64),
	next_at DATETIME,
	polled_at DATETIME,
	succeeded_at DATETIME,
	failures INTEGER NOT NULL,
	failure_kind VARCHAR(32),
	failure_sentence TEXT,
	failure_retry_after FLOAT,
	CONSTRAINT pk_poll PRIMARY KEY (url)
);
INSERT INTO "poll" VALUES('https://news.example/world.rss','W/"1"','Tue',NULL,NULL,'2026-11-24 12:00:00.000000','2026-11-24 12:00:00.000000',0,NULL,NULL,NULL);
CREATE TABLE post (
	id INTEGER NOT NULL,
	story_id INTEGER,
	thread_id BIGINT,
	message_id BIGINT,
	author_id BIGINT,
	made VARCHAR(16) NOT NULL,
	webhook_id BIGINT,
	words TEXT,
	native_id BIGINT,
	origin BIGINT,
	contribution JSON,
	created_at DATETIME NOT NULL,
	edited_at DATETIME,
	deleted_at DATETIME,
	recommended_at DATETIME,
	recommended_by BIGINT,
	CONSTRAINT pk_post PRIMARY KEY (id),
	CONSTRAINT fk_post_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT uq_post_message_id UNIQUE (message_id),
	CONSTRAINT uq_post_origin UNIQUE (origin)
);
INSERT INTO "post" VALUES(1,1,5001,10,302,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(2,1,5001,60,302,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
INSERT INTO "post" VALUES(3,1,5001,61,302,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
INSERT INTO "post" VALUES(4,1,5001,62,302,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(6,1,5001,40,301,'webhook',77,'answer',30,30,'{"name":"Alice","avatar":"https://cdn.discordapp.com/embed/avatars/0.png","mode":"repost","at":"2026-11-24T11:59:58+00:00","restores":null}','2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(7,1,5001,NULL,302,'webhook',NULL,'Again.',NULL,NULL,'{"name":"Member 302","avatar":"https://cdn.discordapp.com/embed/avatars/0.png","mode":"repost","at":"2026-11-24T11:00:00+00:00","restores":[2,61]}','2026-11-24 12:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(8,1,5001,63,303,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,NULL,NULL,NULL);
INSERT INTO "post" VALUES(9,1,5001,64,303,'native',NULL,NULL,NULL,NULL,NULL,'2026-11-24 11:00:00.000000',NULL,'2026-11-24 12:00:00.000000',NULL,NULL);
CREATE TABLE preference (
	member_id BIGINT NOT NULL,
	quotes VARCHAR(16) NOT NULL,
	CONSTRAINT pk_preference PRIMARY KEY (member_id)
);
INSERT INTO "preference" VALUES(302,'off');
CREATE TABLE quote (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	post_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	source_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	author_id BIGINT NOT NULL,
	name TEXT NOT NULL,
	at DATETIME NOT NULL,
	text TEXT NOT NULL,
	picked BOOLEAN NOT NULL,
	lost_at DATETIME,
	CONSTRAINT fk_quote_post_id FOREIGN KEY(post_id) REFERENCES post (id)
);
INSERT INTO "quote" VALUES(1,6,0,60,5001,302,'Bob','2026-11-24 11:00:00.000000','',0,'2026-11-24 12:00:00.000000');
CREATE TABLE reaction (
	message_id BIGINT NOT NULL,
	member_id BIGINT NOT NULL,
	emoji VARCHAR(64) NOT NULL,
	kind INTEGER NOT NULL,
	story_id INTEGER NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_reaction PRIMARY KEY (message_id, member_id, emoji, kind),
	CONSTRAINT fk_reaction_story_id FOREIGN KEY(story_id) REFERENCES story (id)
);
INSERT INTO "reaction" VALUES(40,302,'👍',0,1,'2026-11-24 12:00:00.000000');
CREATE TABLE report (
	id INTEGER NOT NULL,
	message_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	story_id INTEGER NOT NULL,
	author_id BIGINT,
	name TEXT NOT NULL,
	excerpt TEXT NOT NULL,
	state VARCHAR(16) NOT NULL,
	token VARCHAR(32) NOT NULL,
	log_id BIGINT,
	decided_by BIGINT,
	decided_at DATETIME,
	case_id INTEGER,
	CONSTRAINT pk_report PRIMARY KEY (id),
	CONSTRAINT fk_report_story_id FOREIGN KEY(story_id) REFERENCES story (id),
	CONSTRAINT fk_report_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id),
	CONSTRAINT uq_report_message_id UNIQUE (message_id),
	CONSTRAINT uq_report_token UNIQUE (token)
);
INSERT INTO "report" VALUES(1,63,5001,1,303,'Carol','excerpt','open','tokenofthird0028',NULL,NULL,NULL,NULL);
CREATE TABLE report_by (
	id INTEGER NOT NULL,
	report_id INTEGER NOT NULL,
	member_id BIGINT,
	reason TEXT NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_report_by PRIMARY KEY (id),
	CONSTRAINT fk_report_by_report_id FOREIGN KEY(report_id) REFERENCES report (id),
	CONSTRAINT uq_report_by_report_id_member_id UNIQUE (report_id, member_id)
);
INSERT INTO "report_by" VALUES(1,1,301,'rude','2026-11-24 12:00:00.000000');
CREATE TABLE revision (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	seen_at DATETIME NOT NULL,
	CONSTRAINT pk_revision PRIMARY KEY (id),
	CONSTRAINT fk_revision_article_id FOREIGN KEY(article_id) REFERENCES article (id)
);
CREATE TABLE said_once (
	"key" VARCHAR(128) NOT NULL,
	at DATETIME NOT NULL,
	CONSTRAINT pk_said_once PRIMARY KEY ("key")
);
INSERT INTO "said_once" VALUES('k','2026-11-24 12:00:00.000000');
CREATE TABLE story (
	id INTEGER NOT NULL,
	article_id INTEGER NOT NULL,
	feed_id VARCHAR(64) NOT NULL,
	channel_id BIGINT NOT NULL,
	token VARCHAR(32) NOT NULL,
	thread_id BIGINT,
	message_id BIGINT,
	draft_digest VARCHAR(64),
	first_seen DATETIME NOT NULL,
	removed_at DATETIME,
	CONSTRAINT pk_story PRIMARY KEY (id),
	CONSTRAINT fk_story_article_id FOREIGN KEY(article_id) REFERENCES article (id),
	CONSTRAINT fk_story_feed_id FOREIGN KEY(feed_id) REFERENCES feed (id),
	CONSTRAINT uq_story_token UNIQUE (token),
	CONSTRAINT uq_story_thread_id UNIQUE (thread_id),
	CONSTRAINT uq_story_article_id_channel_id UNIQUE (article_id, channel_id)
);
INSERT INTO "story" VALUES(1,1,'world',1300000000000002000,'tokenofthird0001',5001,5001,'digest-1','2026-11-24 12:00:00.000000',NULL);
INSERT INTO "story" VALUES(2,2,'world',1300000000000002000,'tokenofthird0002',NULL,NULL,NULL,'2026-11-24 12:00:00.000000',NULL);
CREATE TABLE suspension (
	case_id INTEGER NOT NULL,
	member_id BIGINT NOT NULL,
	since DATETIME NOT NULL,
	until DATETIME NOT NULL,
	lifted_at DATETIME,
	lifted_by BIGINT,
	CONSTRAINT pk_suspension PRIMARY KEY (case_id, member_id),
	CONSTRAINT fk_suspension_case_id FOREIGN KEY(case_id) REFERENCES moderation_case (id)
);
INSERT INTO "suspension" VALUES(1,302,'2026-11-24 12:00:00.000000','2027-01-03 12:00:00.000000',NULL,NULL);
CREATE INDEX ix_article_feed_id_link ON article (feed_id, link);
CREATE INDEX ix_revision_article_id ON revision (article_id);
CREATE INDEX ix_story_feed_id_thread_id ON story (feed_id, thread_id);
CREATE INDEX ix_story_channel_id ON story (channel_id);
CREATE INDEX ix_own_thread_token ON own_thread (token);
CREATE INDEX ix_own_thread_parent_id_deleted_at ON own_thread (parent_id, deleted_at);
CREATE INDEX ix_post_author_id ON post (author_id);
CREATE INDEX ix_post_native_id ON post (native_id);
CREATE INDEX ix_post_created_at ON post (created_at);
CREATE INDEX ix_post_story_id_created_at ON post (story_id, created_at);
CREATE INDEX ix_quote_post_id ON quote (post_id);
CREATE INDEX ix_quote_source_id ON quote (source_id);
CREATE INDEX ix_basket_source_id ON basket (source_id);
CREATE INDEX ix_reaction_member_id ON reaction (member_id);
CREATE INDEX ix_reaction_story_id ON reaction (story_id);
CREATE INDEX ix_reaction_at ON reaction (at);
CREATE INDEX ix_story_message_id ON story (message_id);
CREATE INDEX ix_moderation_case_story_id ON moderation_case (story_id);
CREATE INDEX ix_moderation_case_thread_id ON moderation_case (thread_id);
CREATE INDEX ix_moderation_case_channel_id ON moderation_case (channel_id);
CREATE INDEX ix_moderation_case_moderator_id ON moderation_case (moderator_id);
CREATE INDEX ix_moderation_case_rule_id ON moderation_case (rule_id);
CREATE INDEX ix_moderation_case_at ON moderation_case (at);
CREATE INDEX ix_moderation_case_notice_id ON moderation_case (notice_id);
CREATE INDEX ix_case_post_message_id ON case_post (message_id);
CREATE INDEX ix_case_post_stands_id ON case_post (stands_id);
CREATE INDEX ix_case_post_author_id ON case_post (author_id);
CREATE INDEX ix_case_post_restored_id ON case_post (restored_id);
CREATE INDEX ix_case_member_member_id ON case_member (member_id);
CREATE INDEX ix_case_event_case_id ON case_event (case_id);
CREATE INDEX ix_suspension_member_id ON suspension (member_id);
CREATE INDEX ix_report_author_id ON report (author_id);
CREATE INDEX ix_report_by_member_id ON report_by (member_id);
CREATE INDEX ix_job_state_lane ON job (state, lane);
CREATE INDEX ix_job_story_id ON job (story_id);
CREATE INDEX ix_job_post_id ON job (post_id);
CREATE INDEX ix_job_case_id ON job (case_id);
CREATE INDEX ix_job_subject_id ON job (subject_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('job',24);
INSERT INTO "sqlite_sequence" VALUES('quote',1);
INSERT INTO "sqlite_sequence" VALUES('moderation_case',3);
COMMIT;
