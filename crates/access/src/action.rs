//! What can be asked for, and on what.

use std::fmt;

use dossier_domain::{Language, MaterialKind, PositionId, Stage, UserId};

/// Writes the enum, its list, names, labels and targets from one table, so that none can be forgotten.
macro_rules! actions {
    (
        of a kind of material { $($(#[$kind_doc:meta])* $by_kind:ident $kind_name:literal $kind_zh:literal $kind_en:literal;)* }
        $(on $target:ident { $($(#[$doc:meta])* $action:ident $name:literal $zh:literal $en:literal;)* })*
    ) => {
        /// Something that an actor asks to do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$kind_doc])* $by_kind(MaterialKind),)*
            $($($(#[$doc])* $action,)*)*
        }

        impl Action {
            /// Every action, once for each kind of material where it has one.
            pub fn all() -> impl Iterator<Item = Self> {
                let plain = [$($(Self::$action,)*)*];
                MaterialKind::ALL.into_iter().flat_map(|kind| [$(Self::$by_kind(kind)),*]).chain(plain)
            }

            /// What it is done to.
            pub fn target(self) -> Target {
                match self {
                    $(Self::$by_kind(_) => Target::Application,)*
                    $($(Self::$action => Target::$target,)*)*
                }
            }

            /// The kind of material that it concerns, if it is one.
            pub fn kind(self) -> Option<MaterialKind> {
                match self {
                    $(Self::$by_kind(kind) => Some(kind),)*
                    $($(Self::$action => None,)*)*
                }
            }

            /// The name in code and in the operation log, without the kind of material.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$by_kind(_) => $kind_name,)*
                    $($(Self::$action => $name,)*)*
                }
            }

            /// What people read, without the kind of material.
            pub fn label(self, language: Language) -> &'static str {
                let (chinese, english) = match self {
                    $(Self::$by_kind(_) => ($kind_zh, $kind_en),)*
                    $($(Self::$action => ($zh, $en),)*)*
                };
                language.pick(chinese, english)
            }
        }
    };
}

actions! {
    of a kind of material {
        /// To see a material of this kind.
        ViewMaterial "view_material" "查看资料" "View a material";
        /// To take away a material of this kind as a file.
        DownloadMaterial "download_material" "下载资料" "Download a material";
    }
    on Application {
        /// To see that the application exists: the candidate's name, position, stage, folder, scores, tags.
        ViewApplication "view_application" "查看应聘" "See the application";
        /// To see telephone number, e-mail address and identity number.
        ViewIdentity "view_identity" "查看身份信息" "See identity data";
        /// To add a material.
        Upload "upload" "上传资料" "Upload";
        /// To set and remove tags.
        ChangeTags "change_tags" "修改标签" "Change tags";
        /// To move the application to another stage.
        MoveStage "move_stage" "变更阶段" "Move to another stage";
        /// To write one's own scorecard, and to hand it in.
        WriteScorecard "write_scorecard" "填写评分表" "Write a scorecard";
        /// To see what the résumé claims, and what was found out about it.
        ViewClaims "view_claims" "查看背调结论" "See the background check";
        /// To write what was found out about a claim, and to add evidence.
        CheckClaims "check_claims" "核实简历声明" "Check claims";
        /// To see offers and what tells of the will to come.
        ViewOffers "view_offers" "查看offer" "See offers";
        /// To write down offers and their answers, which moves the application.
        RecordOffer "record_offer" "记录offer" "Record offers";
        /// To see who looked at the application and took something of it away.
        ViewTrail "view_trail" "查看资料查阅记录" "See who looked";
    }
    on Scorecard {
        /// To see somebody's scorecard.
        ViewScorecard "view_scorecard" "查看评分表" "See a scorecard";
    }
    on Archive {
        /// To search; what is found is limited by the scope.
        Search "search" "搜索" "Search";
        /// To make reports; what is counted is limited by the scope.
        Report "report" "查看报表" "Make reports";
        /// To see how much materials are used, by role and kind, without names.
        ReportUse "report_use" "查看资料使用情况" "See the use of materials";
        /// To take the whole pipeline away as a table.
        ExportPipeline "export_pipeline" "导出招聘流程" "Export the pipeline";
        /// To keep searches and reports under a name, for oneself.
        SaveSearches "save_searches" "保存检索与报表" "Save searches and reports";
        /// To share kept reports with roles, who see in them what they may see.
        ShareReports "share_reports" "分享报表" "Share reports";
        /// To set up, change and close positions.
        ManagePositions "manage_positions" "管理岗位" "Manage positions";
        /// To set up, test, suspend and remove vendor connections.
        ManageConnections "manage_connections" "管理集成" "Manage connections";
        /// To set up, test, suspend and remove the channels by which notices leave.
        ManageChannels "manage_channels" "管理通知渠道" "Manage channels of notices";
        /// To read one's own notices.
        ReadNotices "read_notices" "查看本人通知" "Read one's notices";
        /// To mark one's own notices as read, and to say which ones one wants.
        ChangeNotices "change_notices" "管理本人通知" "Manage one's notices";
        /// To make notices of what happened and to send them out.
        DeliverNotices "deliver_notices" "发送通知" "Deliver notices";
        /// To start a synchronisation.
        Sync "sync" "同步" "Synchronise";
        /// To change the rules of filing and tagging.
        ManageRules "manage_rules" "管理归档与标签规则" "Manage rules";
        /// To change and rotate keys.
        ManageKeys "manage_keys" "管理密钥" "Manage keys";
        /// To check the store, to rebuild the index.
        MaintainStorage "maintain_storage" "维护存储" "Maintain storage";
        /// To back up and restore.
        Backup "backup" "备份与恢复" "Back up and restore";
        /// To check the set-up.
        Doctor "doctor" "检查配置" "Check the set-up";
        /// To read the operation log.
        ReadLog "read_log" "查看操作日志" "Read the operation log";
        /// To verify the operation log.
        VerifyLog "verify_log" "校验操作日志" "Verify the operation log";
        /// To export the operation log.
        ExportLog "export_log" "导出操作日志" "Export the operation log";
        /// To set how long sessions last and whether a second factor is demanded.
        ManageSignIn "manage_sign_in" "管理登录规则" "Manage the rules of signing in";
        /// To decide which roles see which materials at which stages, within limits.
        ManagePolicy "manage_policy" "管理资料权限表" "Manage the policy table";
        /// To set from how many applications on a batch download needs somebody else's release.
        ManageReleases "manage_releases" "管理批量下载放行规则" "Manage the rule of releases";
    }
    on User {
        /// To make someone the interviewer of a position, or to end it.
        GrantInterviewer "grant_interviewer" "指定岗位面试官" "Grant a position to an interviewer";
        /// To set up and suspend users.
        ManageUsers "manage_users" "管理用户" "Manage users";
        /// To give someone a role, or take it.
        GrantRole "grant_role" "授予角色" "Grant a role";
        /// To give someone a one-time link, to lift a lock, to take a lost second factor away.
        ResetSignIn "reset_sign_in" "重置登录方式" "Reset how someone signs in";
        /// To release, or to refuse, what somebody else asks to take away.
        ReleaseDownload "release_download" "放行批量下载" "Release a batch download";
        /// To take a password that came with a one-time link.
        RedeemLink "redeem_link" "使用一次性链接" "Redeem a one-time link";
    }
    on Account {
        /// To begin a session.
        SignIn "sign_in" "登录" "Sign in";
        /// To end the session.
        SignOut "sign_out" "退出登录" "Sign out";
        /// To see and end one's sessions.
        ManageSessions "manage_sessions" "管理本人会话" "Manage one's sessions";
        /// To choose another password.
        ChangePassword "change_password" "修改密码" "Change the password";
        /// To set up, confirm and turn off the second factor.
        ChangeSecondFactor "change_second_factor" "管理双因素认证" "Change the second factor";
        /// To make, see and revoke tokens.
        ManageTokens "manage_tokens" "管理本人令牌" "Manage one's tokens";
    }
}

impl fmt::Display for Action {
    /// The name, and the kind of material after a slash: `view_material/video`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            Some(kind) => write!(f, "{}/{kind}", self.name()),
            None => f.write_str(self.name()),
        }
    }
}

impl From<Action> for crate::Word {
    fn from(action: Action) -> Self {
        Self::of(action)
    }
}

/// What sort of thing an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// One application.
    Application,
    /// One person's scorecard of an application.
    Scorecard,
    /// The archive as a whole.
    Archive,
    /// One user.
    User,
    /// The actor's own account.
    Account,
}

/// What an action is to be done to: of the thing itself, just what the decision depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// An application and what belongs to it.
    Application {
        /// Its position.
        position: PositionId,
        /// The stage in which it stands now.
        stage: Stage,
    },
    /// A scorecard of an application.
    Scorecard {
        /// The application's position.
        position: PositionId,
        /// The stage in which the application stands now.
        stage: Stage,
        /// Whose it is.
        by: UserId,
        /// Whether it was handed in.
        is_final: bool,
        /// Whether the actor has handed in a scorecard of the same application.
        own_is_final: bool,
    },
    /// The archive as a whole.
    Archive,
    /// A user, existing or about to be set up; or the account of one.
    User {
        /// Who.
        id: UserId,
    },
}

impl Resource {
    /// The application as a resource.
    pub fn of(application: &dossier_domain::Application) -> Self {
        Self::Application { position: application.position, stage: application.stage() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Word;

    #[test]
    fn every_action_has_a_name_of_its_own_that_the_log_can_hold() {
        let names: BTreeSet<String> = Action::all().map(|action| action.to_string()).collect();
        assert_eq!(names.len(), Action::all().count());
        for name in names {
            assert_eq!(Word::parse(&name).unwrap().as_str(), name);
        }
    }
}
