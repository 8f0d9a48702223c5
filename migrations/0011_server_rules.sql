CREATE TABLE "server_invites" (
	"code" text PRIMARY KEY NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"max_uses" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "server_rules" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"registration" text NOT NULL,
	"retention" jsonb NOT NULL,
	"limits" jsonb NOT NULL
);
